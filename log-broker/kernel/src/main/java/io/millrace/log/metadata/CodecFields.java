package io.millrace.log.metadata;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Writable;

/** The parts that metadata records are made of: strings are a varint length and UTF-8, maps a count and pairs. */
final class CodecFields {

    private CodecFields() {}

    static void writeConfigs(Map<String, String> configs, Writable out) {
        out.writeUnsignedVarint(configs.size());
        configs.forEach((key, value) -> {
            writeString(key, out);
            writeString(value, out);
        });
    }

    static Map<String, String> readConfigs(ByteBufferAccessor in) {
        int count = in.readUnsignedVarint();
        Map<String, String> configs = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            configs.put(readString(in), readString(in));
        }
        return configs;
    }

    static void writeString(String text, Writable out) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeUnsignedVarint(bytes.length);
        out.writeByteArray(bytes);
    }

    static String readString(ByteBufferAccessor in) {
        return in.readString(in.readUnsignedVarint());
    }
}
