package io.millrace.connect.plugin;

import java.io.IOException;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;

/** Plugins of the record path, wrapped so that each call runs with their own loader as context. */
final class Isolated {

    private Isolated() {}

    /** A converter, with its loader. */
    record IsolatedConverter(Converter inner, ClassLoader loader) implements Converter {

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.configure(configs, isKey);
            }
        }

        @Override
        public byte @Nullable [] fromConnectData(String topic, @Nullable Schema schema, @Nullable Object value) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.fromConnectData(topic, schema, value);
            }
        }

        @Override
        public byte @Nullable [] fromConnectData(
                String topic, Headers headers, @Nullable Schema schema, @Nullable Object value) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.fromConnectData(topic, headers, schema, value);
            }
        }

        @Override
        public SchemaAndValue toConnectData(String topic, byte @Nullable [] value) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.toConnectData(topic, value);
            }
        }

        @Override
        public SchemaAndValue toConnectData(String topic, Headers headers, byte @Nullable [] value) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.toConnectData(topic, headers, value);
            }
        }

        @Override
        public ConfigDef config() {
            return inner.config();
        }

        @Override
        public void close() throws IOException {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.close();
            }
        }
    }

    /** A header converter, with its loader. */
    record IsolatedHeaderConverter(HeaderConverter inner, ClassLoader loader) implements HeaderConverter {

        @Override
        public void configure(Map<String, ?> configs) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.configure(configs);
            }
        }

        @Override
        public SchemaAndValue toConnectHeader(String topic, String headerKey, byte @Nullable [] value) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.toConnectHeader(topic, headerKey, value);
            }
        }

        @Override
        public byte @Nullable [] fromConnectHeader(
                String topic, String headerKey, @Nullable Schema schema, @Nullable Object value) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.fromConnectHeader(topic, headerKey, schema, value);
            }
        }

        @Override
        public ConfigDef config() {
            return inner.config();
        }

        @Override
        public void close() throws IOException {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.close();
            }
        }
    }

    /** A transform, with its loader. */
    record IsolatedTransformation<R extends ConnectRecord<R>>(Transformation<R> inner, ClassLoader loader)
            implements Transformation<R> {

        @Override
        public void configure(Map<String, ?> configs) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.configure(configs);
            }
        }

        @Override
        public @Nullable R apply(R record) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.apply(record);
            }
        }

        @Override
        public ConfigDef config() {
            return inner.config();
        }

        @Override
        public void close() {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.close();
            }
        }
    }

    /** A predicate, with its loader. */
    record IsolatedPredicate<R extends ConnectRecord<R>>(Predicate<R> inner, ClassLoader loader)
            implements Predicate<R> {

        @Override
        public void configure(Map<String, ?> configs) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.configure(configs);
            }
        }

        @Override
        public boolean test(R record) {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                return inner.test(record);
            }
        }

        @Override
        public ConfigDef config() {
            return inner.config();
        }

        @Override
        public void close() {
            try (LoaderScope _ = LoaderScope.of(loader)) {
                inner.close();
            }
        }
    }
}
