package io.millrace.connect.record;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.ConverterConfig;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.jspecify.annotations.Nullable;

/**
 * Bytes as they are. Kafka packs its converter of this name into its runtime; this one takes its place, also under its
 * full name.
 *
 * <p><b>Threads.</b> Any; there is no state.
 */
public final class ByteArrayConverter implements Converter, HeaderConverter {

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
    public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
        if (schema != null && schema.type() != Schema.Type.BYTES) {
            throw new DataException("only bytes can be written as they are, the schema says " + schema.type());
        }
        return switch (value) {
            case null -> null;
            case byte[] bytes -> bytes;
            case ByteBuffer buffer -> Utils.toArray(buffer);
            default ->
                throw new DataException("only bytes can be written as they are, not a "
                        + value.getClass().getSimpleName());
        };
    }

    @Override
    public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
        return new SchemaAndValue(Schema.OPTIONAL_BYTES_SCHEMA, value);
    }

    @Override
    public byte @Nullable [] fromConnectHeader(
            String topic, String headerKey, @Nullable Schema schema, @Nullable Object value) {
        return fromConnectData(topic, schema, value);
    }

    @Override
    public SchemaAndValue toConnectHeader(String topic, String headerKey, byte @Nullable [] value) {
        return toConnectData(topic, value);
    }

    @Override
    public void close() {
        // There is nothing to let go of.
    }
}
