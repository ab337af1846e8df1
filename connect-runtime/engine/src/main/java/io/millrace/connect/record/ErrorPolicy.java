package io.millrace.connect.record;

/**
 * What to do with a record that cannot be handled (KIP-298).
 *
 * @param retryTimeoutMs for how long a failure that may pass is tried again; 0: not at all; -1: for ever
 * @param retryDelayMaxMs the longest pause between two tries
 * @param tolerant whether a record that still fails is skipped; otherwise it fails the task
 * @param log whether each failure is logged
 * @param logPosition whether the log names the record's position; never its content
 */
public record ErrorPolicy(
        long retryTimeoutMs, long retryDelayMaxMs, boolean tolerant, boolean log, boolean logPosition) {}
