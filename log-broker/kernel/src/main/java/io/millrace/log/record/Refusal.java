package io.millrace.log.record;

import org.apache.kafka.common.protocol.Errors;

/**
 * Why records were not accepted.
 *
 * @param error what the client is answered
 * @param message what was wrong, with the numbers that show it
 */
public record Refusal(Errors error, String message) {}
