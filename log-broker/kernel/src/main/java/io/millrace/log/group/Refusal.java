package io.millrace.log.group;

import org.apache.kafka.common.protocol.Errors;

/**
 * Why a request is not granted.
 *
 * @param message for a human: what was wrong, and what to do
 */
record Refusal(Errors error, String message) {}
