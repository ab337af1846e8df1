package io.millrace.connect.record;

import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;

/**
 * Values of one primitive type in the layout of Kafka's own serializer of that type; no value stays no value. Kafka
 * packs its converters of these names into its runtime; these take their place, also under their full names.
 *
 * <p><b>Threads.</b> Any; there is no state.
 */
public abstract class PrimitiveConverter<T> implements Converter, HeaderConverter {

    private final Class<T> type;
    private final Schema schema;
    private final Serde<T> serde;

    private PrimitiveConverter(Class<T> type, Schema schema, Serde<T> serde) {
        this.type = type;
        this.schema = schema;
        this.serde = serde;
    }

    /** One byte. */
    public static final class BooleanConverter extends PrimitiveConverter<Boolean> {
        public BooleanConverter() {
            super(Boolean.class, Schema.OPTIONAL_BOOLEAN_SCHEMA, Serdes.Boolean());
        }
    }

    /** Two bytes. */
    public static final class ShortConverter extends PrimitiveConverter<Short> {
        public ShortConverter() {
            super(Short.class, Schema.OPTIONAL_INT16_SCHEMA, Serdes.Short());
        }
    }

    /** Four bytes. */
    public static final class IntegerConverter extends PrimitiveConverter<Integer> {
        public IntegerConverter() {
            super(Integer.class, Schema.OPTIONAL_INT32_SCHEMA, Serdes.Integer());
        }
    }

    /** Eight bytes. */
    public static final class LongConverter extends PrimitiveConverter<Long> {
        public LongConverter() {
            super(Long.class, Schema.OPTIONAL_INT64_SCHEMA, Serdes.Long());
        }
    }

    /** Four bytes. */
    public static final class FloatConverter extends PrimitiveConverter<Float> {
        public FloatConverter() {
            super(Float.class, Schema.OPTIONAL_FLOAT32_SCHEMA, Serdes.Float());
        }
    }

    /** Eight bytes. */
    public static final class DoubleConverter extends PrimitiveConverter<Double> {
        public DoubleConverter() {
            super(Double.class, Schema.OPTIONAL_FLOAT64_SCHEMA, Serdes.Double());
        }
    }

    @Override
    public String version() {
        return OwnVersion.text();
    }

    @Override
    public ConfigDef config() {
        return ConverterConfig.newConfigDef();
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // There is nothing to set.
    }

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        // There is nothing to set.
    }

    @Override
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema given, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if ((given != null && given.type() != schema.type()) || !type.isInstance(value)) {
            throw new DataException("a %s cannot be written as %s; the schema says %s"
                    .formatted(
                            value.getClass().getSimpleName(),
                            schema.type(),
                            given == null ? "nothing" : given.type().getName()));
        }
        return serde.serializer().serialize(topic, type.cast(value));
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
        if (value == null) {
            return new SchemaAndValue(schema, null);
        }
        try {
            return new SchemaAndValue(schema, serde.deserializer().deserialize(topic, value));
        } catch (SerializationException e) {
            throw new DataException("these %d bytes are no %s".formatted(value.length, schema.type()), e);
        }
    }

    @Override
    public byte @Nullable [] fromConnectHeader(
            String topic, String headerKey, @Nullable Schema given, @Nullable Object value) {
        return fromConnectData(topic, given, value);
    }

    @Override
    public SchemaAndValue toConnectHeader(String topic, String headerKey, byte @Nullable [] value) {
        return toConnectData(topic, value);
    }

    @Override
    public void close() {
        serde.close();
    }
}
