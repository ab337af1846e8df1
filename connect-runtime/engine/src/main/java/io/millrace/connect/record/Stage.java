package io.millrace.connect.record;

/** The steps of a record's way at which it can fail. The names are those of Kafka Connect's error headers. */
public enum Stage {
    TRANSFORMATION,
    TASK_PUT,
    KEY_CONVERTER,
    VALUE_CONVERTER,
    HEADER_CONVERTER,
    KAFKA_PRODUCE
}
