package io.millrace.connect.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;

/**
 * The converters of one task, configured.
 *
 * @param key for keys
 * @param value for values
 * @param header for header values
 * @param types the classes of the three, which may be wrapped
 */
public record Converters(Converter key, Converter value, HeaderConverter header, Types types) implements AutoCloseable {

    /** The classes that a failure is told of. */
    public record Types(Class<?> key, Class<?> value, Class<?> header) {}

    /** Headers of a record as bytes for the log. */
    public Headers toBytes(String topic, org.apache.kafka.connect.header.Headers headers) {
        RecordHeaders bytes = new RecordHeaders();
        for (org.apache.kafka.connect.header.Header each : headers) {
            bytes.add(each.key(), header.fromConnectHeader(topic, each.key(), each.schema(), each.value()));
        }
        return bytes;
    }

    /** Headers from the log as a connector sees them. */
    public ConnectHeaders fromBytes(String topic, Headers headers) {
        ConnectHeaders converted = new ConnectHeaders();
        for (Header each : headers) {
            converted.add(each.key(), header.toConnectHeader(topic, each.key(), each.value()));
        }
        return converted;
    }

    @Override
    public void close() {
        try (key;
                value;
                header) {
            // All three are closed, whatever one of them throws.
        } catch (IOException e) {
            throw new UncheckedIOException("a converter did not close", e);
        }
    }
}
