package io.millrace.pipe;

import io.millrace.platform.UserError;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a pipe ends, and the config of the sink that writes there. */
sealed interface PipeTarget {

    /** Changes a file holds at most, and how long it stays open: a row is readable within a second or so. */
    Map<String, String> FILES = Map.of(
            "format.class", "parquet",
            "flush.size", "100000",
            "rotate.schedule.interval.ms", "1000",
            "behavior.on.null.values", "write",
            "topics.dir", "");

    /** @param environment where the keys of S3 come from: the names that every tool for S3 reads */
    static PipeTarget parse(String text, Map<String, String> environment) {
        if (text.startsWith("duckdb:")) {
            return new DuckDb(Path.of(text.substring("duckdb:".length())).toAbsolutePath());
        }
        if (text.startsWith("s3://")) {
            return ObjectStore.parse(text, environment);
        }
        if (PipeSource.isPostgres(text)) {
            return new Postgres(PipeSource.parse(text));
        }
        if (text.contains("://")) {
            throw new UserError("\"" + text + "\" is no target that a pipe knows: "
                    + "expected a folder, s3://bucket/prefix, duckdb:FILE or a postgresql:// URL");
        }
        return new Folder(Path.of(text).toAbsolutePath().normalize());
    }

    /** The sink's config but for what is the same for every target. */
    Map<String, String> connector(String topicPrefix);

    /** Parquet files in a folder, one folder below it for each table. */
    record Folder(Path path) implements PipeTarget {
        @Override
        public Map<String, String> connector(String topicPrefix) {
            Map<String, String> config = new LinkedHashMap<>(FILES);
            config.put("connector.class", "io.millrace.connector.s3.S3SinkConnector");
            config.put("store.url", path.toUri().toString());
            return config;
        }
    }

    /** Parquet files in a bucket. */
    record ObjectStore(String bucket, String prefix, Map<String, String> access) implements PipeTarget {

        static ObjectStore parse(String url, Map<String, String> environment) {
            String path = url.substring("s3://".length());
            int slash = path.indexOf('/');
            String bucket = slash < 0 ? path : path.substring(0, slash);
            if (bucket.isEmpty()) {
                throw new UserError("\"" + url + "\" names no bucket: expected s3://bucket/prefix");
            }
            Map<String, String> access = new LinkedHashMap<>();
            take(access, "s3.region", environment.get("AWS_REGION"));
            take(access, "store.url", environment.get("AWS_ENDPOINT_URL"));
            take(access, "store.url", environment.get("AWS_ENDPOINT_URL_S3"));
            take(access, "aws.access.key.id", environment.get("AWS_ACCESS_KEY_ID"));
            take(access, "aws.secret.access.key", environment.get("AWS_SECRET_ACCESS_KEY"));
            return new ObjectStore(bucket, slash < 0 ? "" : path.substring(slash + 1), access);
        }

        private static void take(Map<String, String> access, String key, @Nullable String value) {
            if (value != null && !value.isEmpty()) {
                access.put(key, value);
            }
        }

        @Override
        public Map<String, String> connector(String topicPrefix) {
            Map<String, String> config = new LinkedHashMap<>(FILES);
            config.put("connector.class", "io.millrace.connector.s3.S3SinkConnector");
            config.put("s3.bucket.name", bucket);
            config.put("topics.dir", prefix);
            config.putAll(access);
            return config;
        }
    }

    /** Current tables in a DuckDB file. */
    record DuckDb(Path file) implements PipeTarget {
        @Override
        public Map<String, String> connector(String topicPrefix) {
            Map<String, String> config = tables(topicPrefix);
            config.put("connector.class", "io.millrace.connector.duckdb.DuckDbSinkConnector");
            config.put("database.path", file.toString());
            return config;
        }
    }

    /** Current tables in another PostgreSQL database. */
    record Postgres(PipeSource database) implements PipeTarget {
        @Override
        public Map<String, String> connector(String topicPrefix) {
            Map<String, String> config = tables(topicPrefix);
            config.put("connector.class", "io.millrace.connector.jdbc.JdbcSinkConnector");
            config.put("connection.url", database.jdbcUrl());
            config.put("connection.user", database.user());
            config.put("connection.password", database.password());
            return config;
        }
    }

    private static Map<String, String> tables(String topicPrefix) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("table.name.strip.prefix", topicPrefix + ".public.");
        config.put("pk.mode", "record_key");
        config.put("insert.mode", "upsert");
        config.put("delete.enabled", "true");
        config.put("auto.create", "true");
        config.put("auto.evolve", "true");
        return config;
    }
}
