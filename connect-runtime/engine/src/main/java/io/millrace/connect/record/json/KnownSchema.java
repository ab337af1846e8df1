package io.millrace.connect.record.json;

import java.util.Arrays;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** A schema that has come before, with the bytes that stand before the payload in its envelopes. */
final class KnownSchema {

    private final Schema schema;
    private final byte[] prefix;
    private final @Nullable ValueReader reader;
    private final @Nullable ValueWriter writer;

    /**
     * @param schema must not change any more
     * @param prefix of every envelope with this schema, up to its payload; not copied
     */
    KnownSchema(Schema schema, byte[] prefix) {
        this.schema = schema;
        this.prefix = prefix;
        this.reader = ValueReader.of(schema);
        this.writer = ValueWriter.of(schema);
    }

    /** Whether it is this very object: comparing content would take longer than it spares. */
    @SuppressWarnings("ReferenceEquality")
    boolean is(Schema other) {
        return schema == other;
    }

    /** Whether the envelope has this schema. */
    boolean begins(byte[] envelope) {
        return envelope.length > prefix.length + 1
                && Arrays.mismatch(prefix, 0, prefix.length, envelope, 0, prefix.length) < 0;
    }

    Schema schema() {
        return schema;
    }

    /** Not to be written to. */
    byte[] prefix() {
        return prefix;
    }

    /** Null: its values are left to Kafka's converter. */
    @Nullable
    ValueReader reader() {
        return reader;
    }

    /** Null: its values are left to Kafka's converter. */
    @Nullable
    ValueWriter writer() {
        return writer;
    }
}
