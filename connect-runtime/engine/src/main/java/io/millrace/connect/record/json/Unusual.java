package io.millrace.connect.record.json;

import java.io.IOException;

/** Something that is left to Kafka's own converter, be it right or wrong. */
final class Unusual extends IOException {

    private static final long serialVersionUID = 1L;

    Unusual() {
        super("left to Kafka's converter");
    }

    /** It only says that there is another way, where it came from does not matter. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
