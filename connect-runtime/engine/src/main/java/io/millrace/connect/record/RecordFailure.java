package io.millrace.connect.record;

/**
 * A step that did not succeed for a record.
 *
 * @param stage which step
 * @param executing the class that failed
 * @param error why
 */
public record RecordFailure(Stage stage, Class<?> executing, Throwable error) {}
