package io.millrace.connector.s3;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/**
 * One column of a Parquet file, or one node below it.
 *
 * <p>A value goes through two steps: {@code convert} makes of it what Parquet stores and refuses what would lose
 * something; {@code emit} writes it and cannot fail on data. So a refused row leaves no half of it behind.
 *
 * @param type the name, repetition and type in the file
 * @param convert from the value of Kafka Connect, never null, to the stored value
 * @param emit writes one stored value
 */
record ParquetColumn(Type type, Function<Object, Object> convert, BiConsumer<RecordConsumer, Object> emit) {

    /** The widest decimal that 128 bits hold, and that readers take as one. */
    private static final int PRECISION_DEFAULT = 38;

    private static final String PRECISION = "connect.decimal.precision";
    private static final int INT32_DIGITS = 9;
    private static final int INT64_DIGITS = 18;
    private static final int UUID_BYTES = 16;
    private static final int NANOS_PER_MICRO = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    /**
     * The column of a row, for values of {@code schema}. It may be null whatever the schema says: a tombstone has
     * values for its key only.
     */
    static ParquetColumn ofRow(String name, Schema schema) {
        return of(name, schema, Repetition.OPTIONAL);
    }

    private static ParquetColumn nested(String name, Schema schema) {
        return of(name, schema, schema.isOptional() ? Repetition.OPTIONAL : Repetition.REQUIRED);
    }

    private static ParquetColumn of(String name, Schema schema, Repetition repetition) {
        Semantic semantic = Semantic.of(schema);
        return switch (semantic) {
            case PLAIN -> ofType(name, schema, repetition);
            case DECIMAL -> decimal(name, schema, repetition);
            case VARIABLE_DECIMAL ->
                binary(name, repetition, LogicalTypeAnnotation.stringType(), ParquetColumn::variableDecimal);
            case UUID -> uuid(name, repetition);
            case JSON -> binary(name, repetition, LogicalTypeAnnotation.jsonType(), ParquetColumn::text);
            case DATE -> int32(name, repetition, LogicalTypeAnnotation.dateType(), semantic);
            case TIME_MILLIS -> int32(name, repetition, time(TimeUnit.MILLIS), semantic);
            case TIME_MICROS -> int64(name, repetition, time(TimeUnit.MICROS), semantic::number);
            case TIME_NANOS -> int64(name, repetition, time(TimeUnit.NANOS), semantic::number);
            case TIMESTAMP_MILLIS -> int64(name, repetition, timestamp(false, TimeUnit.MILLIS), semantic::number);
            case TIMESTAMP_MICROS -> int64(name, repetition, timestamp(false, TimeUnit.MICROS), semantic::number);
            case TIMESTAMP_NANOS -> int64(name, repetition, timestamp(false, TimeUnit.NANOS), semantic::number);
            case INSTANT_MILLIS -> int64(name, repetition, timestamp(true, TimeUnit.MILLIS), semantic::number);
            case ZONED_TIMESTAMP ->
                int64(name, repetition, timestamp(true, TimeUnit.MICROS), value -> microsOf((String) value));
        };
    }

    /** What Parquet stores for {@code value}; null stays null. */
    @Nullable
    Object stored(@Nullable Object value) {
        if (value == null) {
            if (type.isRepetition(Repetition.REQUIRED)) {
                throw new DataException("Field " + type.getName() + " is null, and its schema says that it never is");
            }
            return null;
        }
        try {
            return convert.apply(value);
        } catch (ArithmeticException | DateTimeParseException | IllegalArgumentException | ClassCastException e) {
            throw new DataException(
                    "Field " + type.getName() + " cannot be stored as " + type + ": " + e.getMessage(), e);
        }
    }

    /** Writes a stored value as field {@code index} of the group that is open; nothing for null. */
    void write(RecordConsumer to, int index, @Nullable Object stored) {
        if (stored != null) {
            to.startField(type.getName(), index);
            emit.accept(to, stored);
            to.endField(type.getName(), index);
        }
    }

    private static ParquetColumn ofType(String name, Schema schema, Repetition repetition) {
        return switch (schema.type()) {
            case BOOLEAN ->
                leaf(name, PrimitiveTypeName.BOOLEAN, repetition, (to, value) -> to.addBoolean((Boolean) value));
            case INT8 -> int32(name, repetition, LogicalTypeAnnotation.intType(8, true), Semantic.PLAIN);
            case INT16 -> int32(name, repetition, LogicalTypeAnnotation.intType(16, true), Semantic.PLAIN);
            case INT32 -> int32(name, repetition, null, Semantic.PLAIN);
            case INT64 -> int64(name, repetition, null, Semantic.PLAIN::number);
            case FLOAT32 -> leaf(name, PrimitiveTypeName.FLOAT, repetition, (to, value) -> to.addFloat((Float) value));
            case FLOAT64 ->
                leaf(name, PrimitiveTypeName.DOUBLE, repetition, (to, value) -> to.addDouble((Double) value));
            case STRING -> binary(name, repetition, LogicalTypeAnnotation.stringType(), ParquetColumn::text);
            case BYTES -> binary(name, repetition, null, ParquetColumn::bytes);
            case ARRAY -> list(name, schema, repetition);
            case MAP -> map(name, schema, repetition);
            case STRUCT -> struct(name, schema, repetition);
        };
    }

    private static ParquetColumn leaf(
            String name, PrimitiveTypeName type, Repetition repetition, BiConsumer<RecordConsumer, Object> emit) {
        return new ParquetColumn(Types.primitive(type, repetition).named(name), value -> value, emit);
    }

    private static ParquetColumn int32(
            String name, Repetition repetition, @Nullable LogicalTypeAnnotation annotation, Semantic semantic) {
        return new ParquetColumn(
                Types.primitive(PrimitiveTypeName.INT32, repetition)
                        .as(annotation)
                        .named(name),
                value -> Math.toIntExact(semantic.number(value)),
                ParquetColumn::addInt);
    }

    private static ParquetColumn int64(
            String name,
            Repetition repetition,
            @Nullable LogicalTypeAnnotation annotation,
            Function<Object, Object> convert) {
        return new ParquetColumn(
                Types.primitive(PrimitiveTypeName.INT64, repetition)
                        .as(annotation)
                        .named(name),
                convert,
                ParquetColumn::addLong);
    }

    private static ParquetColumn binary(
            String name,
            Repetition repetition,
            @Nullable LogicalTypeAnnotation annotation,
            Function<Object, Object> convert) {
        return new ParquetColumn(
                Types.primitive(PrimitiveTypeName.BINARY, repetition)
                        .as(annotation)
                        .named(name),
                convert,
                ParquetColumn::addBinary);
    }

    private static void addInt(RecordConsumer to, Object value) {
        to.addInteger((Integer) value);
    }

    private static void addLong(RecordConsumer to, Object value) {
        to.addLong((Long) value);
    }

    private static void addBinary(RecordConsumer to, Object value) {
        to.addBinary((Binary) value);
    }

    private static Object text(Object value) {
        return Binary.fromString((String) value);
    }

    private static LogicalTypeAnnotation time(TimeUnit unit) {
        return LogicalTypeAnnotation.timeType(false, unit);
    }

    private static LogicalTypeAnnotation timestamp(boolean utc, TimeUnit unit) {
        return LogicalTypeAnnotation.timestampType(utc, unit);
    }

    private static ParquetColumn uuid(String name, Repetition repetition) {
        return new ParquetColumn(
                Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                        .length(UUID_BYTES)
                        .as(LogicalTypeAnnotation.uuidType())
                        .named(name),
                value -> {
                    java.util.UUID uuid = java.util.UUID.fromString((String) value);
                    return Binary.fromConstantByteArray(ByteBuffer.allocate(UUID_BYTES)
                            .putLong(uuid.getMostSignificantBits())
                            .putLong(uuid.getLeastSignificantBits())
                            .array());
                },
                ParquetColumn::addBinary);
    }

    private static Object bytes(Object value) {
        return value instanceof ByteBuffer buffer
                ? Binary.fromConstantByteBuffer(buffer.duplicate())
                : Binary.fromConstantByteArray((byte[]) value);
    }

    private static ParquetColumn decimal(String name, Schema schema, Repetition repetition) {
        Map<String, String> parameters = Objects.requireNonNullElse(schema.parameters(), Map.of());
        int scale = Integer.parseInt(parameters.getOrDefault(Decimal.SCALE_FIELD, "0"));
        int precision = parameters.containsKey(PRECISION)
                ? Integer.parseInt(parameters.get(PRECISION))
                : Math.max(PRECISION_DEFAULT, scale);
        Function<Object, BigInteger> unscaled = value -> unscaled((BigDecimal) value, precision, scale);
        LogicalTypeAnnotation annotation = LogicalTypeAnnotation.decimalType(scale, precision);
        if (precision <= INT32_DIGITS) {
            return new ParquetColumn(
                    Types.primitive(PrimitiveTypeName.INT32, repetition)
                            .as(annotation)
                            .named(name),
                    value -> unscaled.apply(value).intValueExact(),
                    ParquetColumn::addInt);
        }
        if (precision <= INT64_DIGITS) {
            return int64(
                    name, repetition, annotation, value -> unscaled.apply(value).longValueExact());
        }
        int length = BigInteger.TEN.pow(precision).bitLength() / Byte.SIZE + 1;
        return new ParquetColumn(
                Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
                        .length(length)
                        .as(annotation)
                        .named(name),
                value -> fixed(unscaled.apply(value), length),
                ParquetColumn::addBinary);
    }

    private static BigInteger unscaled(BigDecimal value, int precision, int scale) {
        BigDecimal scaled = value.setScale(scale);
        if (scaled.precision() > precision) {
            throw new ArithmeticException(scaled.precision() + " digits, but " + precision + " fit");
        }
        return scaled.unscaledValue();
    }

    private static Binary fixed(BigInteger value, int length) {
        byte[] shortest = value.toByteArray();
        byte[] fixed = new byte[length];
        java.util.Arrays.fill(fixed, 0, length - shortest.length, (byte) (value.signum() < 0 ? -1 : 0));
        System.arraycopy(shortest, 0, fixed, length - shortest.length, shortest.length);
        return Binary.fromConstantByteArray(fixed);
    }

    private static Object variableDecimal(Object value) {
        return Binary.fromString(decimalOf((Struct) value).toPlainString());
    }

    /** The number in a Debezium {@code VariableScaleDecimal}. */
    static BigDecimal decimalOf(Struct value) {
        return new BigDecimal(new BigInteger(value.getBytes("value")), value.getInt32("scale"));
    }

    private static Object microsOf(String zoned) {
        Instant moment = OffsetDateTime.parse(zoned).toInstant();
        if (moment.getNano() % NANOS_PER_MICRO != 0) {
            throw new ArithmeticException(zoned + " is finer than a microsecond");
        }
        return Math.addExact(
                Math.multiplyExact(moment.getEpochSecond(), MICROS_PER_SECOND), moment.getNano() / NANOS_PER_MICRO);
    }

    private static ParquetColumn struct(String name, Schema schema, Repetition repetition) {
        if (schema.fields().isEmpty()) {
            throw new DataException("Field " + name + " is a Struct without fields, which Parquet does not have");
        }
        List<ParquetColumn> children = new ArrayList<>();
        for (Field field : schema.fields()) {
            children.add(nested(field.name(), field.schema()));
        }
        return new ParquetColumn(
                Types.buildGroup(repetition)
                        .addFields(children.stream().map(ParquetColumn::type).toArray(Type[]::new))
                        .named(name),
                value -> {
                    @Nullable Object[] stored = new @Nullable Object[children.size()];
                    for (int i = 0; i < stored.length; i++) {
                        stored[i] = children.get(i)
                                .stored(((Struct) value).get(schema.fields().get(i)));
                    }
                    return stored;
                },
                (to, stored) -> {
                    to.startGroup();
                    for (int i = 0; i < children.size(); i++) {
                        children.get(i).write(to, i, ((@Nullable Object[]) stored)[i]);
                    }
                    to.endGroup();
                });
    }

    private static ParquetColumn list(String name, Schema schema, Repetition repetition) {
        ParquetColumn element = nested("element", schema.valueSchema());
        return new ParquetColumn(
                Types.list(repetition).element(element.type()).named(name),
                value -> ((Collection<?>) value).stream().map(element::stored).toArray(),
                (to, stored) ->
                        emitRepeated(to, "list", (@Nullable Object[]) stored, (each) -> element.write(to, 0, each)));
    }

    private static ParquetColumn map(String name, Schema schema, Repetition repetition) {
        ParquetColumn key = of("key", schema.keySchema(), Repetition.REQUIRED);
        ParquetColumn value = nested("value", schema.valueSchema());
        return new ParquetColumn(
                Types.map(repetition).key(key.type()).value(value.type()).named(name),
                entries -> ((Map<?, ?>) entries)
                        .entrySet().stream()
                                .map(entry -> new @Nullable Object[] {
                                    key.stored(entry.getKey()), value.stored(entry.getValue())
                                })
                                .toArray(),
                (to, stored) -> emitRepeated(to, "key_value", (@Nullable Object[]) stored, each -> {
                    @Nullable Object[] entry = (@Nullable Object[]) Objects.requireNonNull(each);
                    key.write(to, 0, entry[0]);
                    value.write(to, 1, entry[1]);
                }));
    }

    /** Three levels, as the format wants them: the field, its repeated group, and what each holds. */
    private static void emitRepeated(
            RecordConsumer to,
            String name,
            @Nullable Object[] stored,
            java.util.function.Consumer<@Nullable Object> each) {
        to.startGroup();
        if (stored.length > 0) {
            to.startField(name, 0);
            for (Object item : stored) {
                to.startGroup();
                each.accept(item);
                to.endGroup();
            }
            to.endField(name, 0);
        }
        to.endGroup();
    }
}
