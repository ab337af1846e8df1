package io.millrace.connect.plugin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Classes that Kafka's client had in {@code org.apache.kafka.common.utils} until 4.3, and has in {@code internals}
 * below it since 4.4. They were never public, but many connectors call them, if only to tell their version
 * ({@code AppInfoParser}). A plugin that asks for the old name gets the class of today under that name; in the same way
 * one that asks for Kafka Connect's own context and records of sink tasks gets ours, {@link KafkaSinkContext} and
 * {@link KafkaSinkRecord}.
 */
final class MovedClasses {

    private static final String OLD = "org/apache/kafka/common/utils/";
    private static final String NEW = OLD + "internals/";
    private static final Map<String, String> OURS = Map.of(
            path(KafkaSinkContext.SHOWN_NAME), path(KafkaSinkContext.class.getName()),
            path(KafkaSinkRecord.SHOWN_NAME), path(KafkaSinkRecord.class.getName()),
            path(KafkaRecordContext.SHOWN_NAME), path(KafkaRecordContext.class.getName()));
    private static final int UTF8 = 1;
    private static final int HEADER_BYTES = 8;

    private MovedClasses() {}

    /**
     * The class file of a class that has moved, under its old name; null when there is none.
     *
     * @param className the old name, with dots
     * @param runtime where the class is today
     */
    static byte @Nullable [] underOldName(String className, ClassLoader runtime) throws IOException {
        String path = path(className);
        String ours = OURS.get(path);
        if (ours != null) {
            return renamed(runtime, ours, MovedClasses::shown);
        }
        if (!path.startsWith(OLD) || path.startsWith(NEW)) {
            return null;
        }
        String moved = path.substring(OLD.length());
        String outer = moved.replaceFirst("\\$.*", "");
        return renamed(runtime, NEW + moved, text -> renamed(text, NEW + outer, OLD + outer));
    }

    private static String path(String className) {
        return className.replace('.', '/');
    }

    /** Names of ours, as plugins know them. */
    private static String shown(String text) {
        String all = text;
        for (Map.Entry<String, String> each : OURS.entrySet()) {
            all = renamed(all, each.getValue(), each.getKey());
        }
        return all;
    }

    private static String renamed(String text, String from, String to) {
        return text.contains(from)
                ? text.replaceAll(Pattern.quote(from) + "(?![A-Za-z0-9_])", Matcher.quoteReplacement(to))
                : text;
    }

    private static byte @Nullable [] renamed(ClassLoader runtime, String path, UnaryOperator<String> names)
            throws IOException {
        try (InputStream today = runtime.getResourceAsStream(path + ".class")) {
            return today == null ? null : renamed(today.readAllBytes(), names);
        }
    }

    /** Names stand in the constant pool only (JVMS 4.4), which comes after magic and version. */
    private static byte[] renamed(byte[] bytes, UnaryOperator<String> names) throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream(bytes.length);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
                DataOutputStream out = new DataOutputStream(written)) {
            out.write(in.readNBytes(HEADER_BYTES));
            int constants = in.readUnsignedShort();
            out.writeShort(constants);
            for (int index = 1; index < constants; index++) {
                int tag = in.readUnsignedByte();
                out.writeByte(tag);
                if (tag == UTF8) {
                    out.writeUTF(names.apply(in.readUTF()));
                } else {
                    out.write(in.readNBytes(payloadBytes(tag)));
                }
                // A long or a double takes two places.
                index += tag == 5 || tag == 6 ? 1 : 0;
            }
            in.transferTo(out);
        }
        return written.toByteArray();
    }

    /** How long a constant is after its tag (JVMS 4.4). */
    private static int payloadBytes(int tag) throws IOException {
        return switch (tag) {
            case 7, 8, 16, 19, 20 -> 2;
            case 15 -> 3;
            case 3, 4, 9, 10, 11, 12, 17, 18 -> 4;
            case 5, 6 -> 8;
            default -> throw new IOException("unknown constant in a class file: " + tag);
        };
    }
}
