package io.millrace.connect.log;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Key, value and headers of one record, as bytes. The arrays are shared, never copied: whoever hands one over no
 * longer writes to it.
 */
public final class Payload {

    private final byte @Nullable [] key;
    private final byte @Nullable [] value;
    private final Headers headers;

    public Payload(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        this.key = key;
        this.value = value;
        this.headers = headers;
    }

    /** A payload without headers. */
    public static Payload of(byte @Nullable [] key, byte @Nullable [] value) {
        return new Payload(key, value, new RecordHeaders());
    }

    public byte @Nullable [] key() {
        return key;
    }

    /** Null is a tombstone. */
    public byte @Nullable [] value() {
        return value;
    }

    public Headers headers() {
        return headers;
    }

    /** How many bytes key and value are together. */
    public long size() {
        return (key == null ? 0L : key.length) + (value == null ? 0L : value.length);
    }
}
