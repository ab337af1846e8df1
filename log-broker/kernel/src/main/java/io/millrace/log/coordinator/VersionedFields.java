package io.millrace.log.coordinator;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.apache.kafka.common.protocol.types.Struct;

/**
 * Keys and values of a coordinator's records as bytes: a version of two bytes, and the fields of its schema. Flexible
 * versions end in tagged fields.
 */
public final class VersionedFields {

    /** The name of the tagged fields of every schema that has any. */
    public static final String TAGGED = "_tagged_fields";

    private VersionedFields() {}

    public static ByteBuffer write(short version, Struct fields) {
        ByteBuffer buffer = ByteBuffer.allocate(Short.BYTES + fields.sizeOf());
        buffer.putShort(version);
        fields.writeTo(buffer);
        return buffer.flip();
    }

    /**
     * Reads the version, and leaves the buffer at the fields.
     *
     * @throws SchemaException if there is none
     */
    public static short version(ByteBuffer buffer) {
        if (buffer.remaining() < Short.BYTES) {
            throw new SchemaException("a record of " + buffer.remaining() + " bytes has no version");
        }
        return buffer.getShort();
    }

    /**
     * @param value with its version
     * @param byVersion of the schemas, from version 0 on
     * @param what the record is, for the message
     * @throws SchemaException if the value is damaged, or its version unknown
     */
    public static Struct read(ByteBuffer value, List<Schema> byVersion, String what) {
        short version = version(value);
        if (version < 0 || version >= byVersion.size()) {
            throw new SchemaException("the value of a record of kind " + what + " has version " + version
                    + ", known are 0 to " + (byVersion.size() - 1));
        }
        return byVersion.get(version).read(value);
    }

    /** By their tags; empty for a version that has none. */
    @SuppressWarnings("unchecked") // the schema says so
    public static NavigableMap<Integer, Object> tagged(Struct fields) {
        return fields.hasField(TAGGED)
                ? (NavigableMap<Integer, Object>) fields.get(TAGGED)
                : Collections.emptyNavigableMap();
    }
}
