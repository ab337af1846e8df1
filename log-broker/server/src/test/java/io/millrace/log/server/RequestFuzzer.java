package io.millrace.log.server;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.ApiMessageType;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.types.ArrayOf;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.CompactArrayOf;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.ByteUtils;

/**
 * Makes requests of every key and version after the schemas of Kafka's messages, with random values in their fields,
 * and spoils most of them: bits are flipped, ends cut off, lengths and counts lie.
 */
final class RequestFuzzer {

    /** Those of which no version is left have no schemas. */
    private static final List<ApiMessageType> APIS = Arrays.stream(ApiMessageType.values())
            .filter(api -> api.lowestSupportedVersion() <= api.highestSupportedVersion(true))
            .toList();

    private static final List<String> STRINGS = List.of(
            "",
            "fuzz-0",
            "fuzz-1",
            "fuzz-2",
            "fuzz-3",
            "range",
            "consumer",
            "retention.ms",
            "no.such.key",
            "1",
            "a/b",
            "..");
    private static final int[] INTS = {-2, -1, 0, 1, 2, 3, 7, 100, 30_000, Integer.MAX_VALUE, Integer.MIN_VALUE};

    private final Random random;

    RequestFuzzer(long seed) {
        random = new Random(seed);
    }

    /** A frame with its length in front. */
    byte[] next() {
        ApiMessageType api = APIS.get(random.nextInt(APIS.size()));
        short version = version(api);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write(header(api, version));
            write(api.requestSchemas()[version], out, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return framed(spoiled(bytes.toByteArray()));
    }

    private short version(ApiMessageType api) {
        short lowest = api.lowestSupportedVersion();
        int count = api.highestSupportedVersion(true) - lowest + 1;
        return (short) (lowest + random.nextInt(count));
    }

    private static byte[] header(ApiMessageType api, short version) {
        RequestHeaderData header = new RequestHeaderData()
                .setRequestApiKey(api.apiKey())
                .setRequestApiVersion(version)
                .setCorrelationId(version)
                .setClientId("fuzz");
        ByteBufferAccessor bytes = MessageUtil.toByteBufferAccessor(header, api.requestHeaderVersion(version));
        return Arrays.copyOf(bytes.buffer().array(), bytes.buffer().limit());
    }

    private byte[] spoiled(byte[] whole) {
        return switch (random.nextInt(5)) {
            case 0 -> whole;
            case 1 -> flipped(whole);
            case 2 -> Arrays.copyOf(whole, random.nextInt(whole.length + 1));
            case 3 -> lied(whole);
            default -> Arrays.copyOf(whole, whole.length + random.nextInt(20));
        };
    }

    private byte[] flipped(byte[] bytes) {
        for (int i = 0; i <= random.nextInt(4); i++) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    /** Somewhere after the header's fixed part, a length or count is another one. */
    private byte[] lied(byte[] bytes) {
        if (bytes.length > 12) {
            int at = 8 + random.nextInt(bytes.length - 11);
            ByteBuffer.wrap(bytes).putInt(at, INTS[random.nextInt(INTS.length)]);
        }
        return bytes;
    }

    private byte[] framed(byte[] bytes) {
        int length = random.nextInt(50) == 0 ? bytes.length + random.nextInt(7) - 3 : bytes.length;
        return ByteBuffer.allocate(4 + bytes.length).putInt(length).put(bytes).array();
    }

    private void write(Schema schema, DataOutputStream out, int depth) throws IOException {
        for (BoundField field : schema.fields()) {
            write(field.def.type, out, depth + 1);
        }
    }

    private void write(Type type, DataOutputStream out, int depth) throws IOException {
        if (type instanceof Schema schema) {
            write(schema, out, depth);
        } else if (type instanceof TaggedFields) {
            out.writeByte(0);
        } else if (type instanceof CompactArrayOf || type instanceof ArrayOf) {
            int count = depth > 6 ? 0 : random.nextInt(3);
            count(type instanceof CompactArrayOf, count, out);
            for (int i = 0; i < count; i++) {
                write(type.arrayElementType().orElseThrow(), out, depth);
            }
        } else {
            writeScalar(type, out);
        }
    }

    private void writeScalar(Type type, DataOutputStream out) throws IOException {
        switch (type.toString()) {
            case "BOOLEAN" -> out.writeBoolean(random.nextBoolean());
            case "INT8" -> out.writeByte(random.nextInt(6) - 1);
            case "INT16", "UINT16" -> out.writeShort(random.nextInt(12) - 1);
            case "INT32", "UINT32" -> out.writeInt(INTS[random.nextInt(INTS.length)]);
            case "INT64" -> out.writeLong(random.nextBoolean() ? INTS[random.nextInt(INTS.length)] : random.nextLong());
            case "FLOAT64" -> out.writeDouble(random.nextDouble());
            case "UUID" -> {
                out.writeLong(random.nextInt(3));
                out.writeLong(random.nextInt(3));
            }
            case "STRING", "NULLABLE_STRING" -> {
                byte[] text = string();
                out.writeShort(text.length);
                out.write(text);
            }
            case "COMPACT_STRING", "COMPACT_NULLABLE_STRING" -> writeBytes(true, string(), out);
            case "BYTES", "NULLABLE_BYTES" -> writeBytes(false, string(), out);
            case "COMPACT_BYTES", "COMPACT_NULLABLE_BYTES" -> writeBytes(true, string(), out);
            case "RECORDS", "NULLABLE_RECORDS" -> writeBytes(false, records(), out);
            case "COMPACT_RECORDS", "COMPACT_NULLABLE_RECORDS" -> writeBytes(true, records(), out);
            default -> throw new IllegalStateException("no value is made for fields of type " + type);
        }
    }

    private static void writeBytes(boolean compact, byte[] bytes, DataOutputStream out) throws IOException {
        count(compact, bytes.length, out);
        out.write(bytes);
    }

    private static void count(boolean compact, int count, DataOutputStream out) throws IOException {
        if (compact) {
            ByteUtils.writeUnsignedVarint(count + 1, out);
        } else {
            out.writeInt(count);
        }
    }

    private byte[] string() {
        String chosen = random.nextInt(200) == 0
                ? "x".repeat(random.nextInt(2_000))
                : STRINGS.get(random.nextInt(STRINGS.size()));
        return chosen.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] records() {
        MemoryRecords records = MemoryRecords.withRecords(
                random.nextBoolean() ? Compression.NONE : Compression.gzip().build(),
                new SimpleRecord("key".getBytes(StandardCharsets.UTF_8), string()));
        return Arrays.copyOf(records.buffer().array(), records.sizeInBytes());
    }
}
