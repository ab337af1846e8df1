package io.millrace.connector.s3;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;
import static org.apache.kafka.common.config.ConfigDef.Type.BOOLEAN;
import static org.apache.kafka.common.config.ConfigDef.Type.INT;
import static org.apache.kafka.common.config.ConfigDef.Type.LONG;
import static org.apache.kafka.common.config.ConfigDef.Type.PASSWORD;
import static org.apache.kafka.common.config.ConfigDef.Type.STRING;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.LambdaValidator;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** The validated config of one sink; {@link #DEFINITION} is the one table of its keys. README.md says more on each. */
final class S3SinkConfig extends AbstractConfig {

    static final String BUCKET = "s3.bucket.name";
    static final String BUCKET_CREATE = "s3.bucket.create";
    static final String REGION = "s3.region";
    static final String STORE_URL = "store.url";
    static final String ACCESS_KEY = "aws.access.key.id";
    static final String SECRET_KEY = "aws.secret.access.key";
    static final String PATH_STYLE = "s3.path.style.access.enabled";
    static final String CONDITIONAL_WRITES = "enable.conditional.writes";
    static final String PART_SIZE = "s3.part.size";
    static final String PART_RETRIES = "s3.part.retries";
    static final String RETRY_BACKOFF = "retry.backoff.ms";
    static final String TOPICS_DIR = "topics.dir";
    static final String PAD_WIDTH = "filename.offset.zero.pad.width";
    static final String FORMAT = "format.class";
    static final String PARQUET_CODEC = "parquet.codec";
    static final String ROW_GROUP = "parquet.row.group.bytes";
    static final String JSON_COMPRESSION = "s3.compression.type";
    static final String METADATA = "metadata.columns";
    static final String NULL_VALUES = "behavior.on.null.values";
    static final String SCHEMA_COMPATIBILITY = "schema.compatibility";
    static final String FLUSH_SIZE = "flush.size";
    static final String FLUSH_BYTES = "flush.bytes";
    static final String ROTATE_INTERVAL = "rotate.interval.ms";
    static final String ROTATE_SCHEDULE = "rotate.schedule.interval.ms";
    static final String BUFFER_BYTES = "buffer.bytes.max";
    static final String OPEN_FILES = "partitioner.max.open.files";
    static final String SPOOL_DIR = "spool.dir";
    static final String STORAGE = "storage.class";
    static final String PARTITIONER = "partitioner.class";

    private static final String PARQUET_CLASS = "io.confluent.connect.s3.format.parquet.ParquetFormat";
    private static final String JSON_CLASS = "io.confluent.connect.s3.format.json.JsonFormat";
    private static final String STORAGE_CLASS = "io.confluent.connect.s3.storage.S3Storage";
    private static final String PARTITIONER_CLASS = "io.confluent.connect.storage.partitioner.DefaultPartitioner";
    private static final long MIB = 1 << 20;

    static final ConfigDef DEFINITION = store(files(rotation(new ConfigDef())));

    /**
     * When a file is finished.
     *
     * @param intervalMillis between time stamps of records; negative for any
     * @param scheduleMillis by the clock; negative for ever
     */
    record Rotation(int rows, long bytes, long intervalMillis, long scheduleMillis) {}

    /** What the open files of a task may take. */
    record Bounds(long bufferBytes, int openFiles) {}

    /** What to do with a record whose value is null. */
    enum NullValues {
        IGNORE,
        FAIL,
        WRITE
    }

    private final NullValues nullValues =
            NullValues.valueOf(getString(NULL_VALUES).toUpperCase(Locale.ROOT));
    private final Rotation rotation =
            new Rotation(getInt(FLUSH_SIZE), getLong(FLUSH_BYTES), getLong(ROTATE_INTERVAL), getLong(ROTATE_SCHEDULE));
    private final Bounds bounds = new Bounds(getLong(BUFFER_BYTES), getInt(OPEN_FILES));

    private S3SinkConfig(Map<String, String> props) {
        super(DEFINITION, props, false);
    }

    /**
     * @throws ConfigException naming the key, the value and what is wrong
     */
    static S3SinkConfig of(Map<String, String> props) {
        S3SinkConfig config = new S3SinkConfig(props);
        config.problems().forEach((key, problem) -> {
            throw new ConfigException(key, config.originals().get(key), problem);
        });
        return config;
    }

    /** What is wrong between keys that are right each by itself. */
    static Map<String, String> problems(Map<String, String> props) {
        return new S3SinkConfig(props).problems();
    }

    private Map<String, String> problems() {
        Map<String, String> problems = new LinkedHashMap<>();
        if (!isFolder() && getString(BUCKET).isEmpty()) {
            problems.put(BUCKET, "is missing: name the bucket, or a folder by " + STORE_URL + "=file:/path");
        }
        if (getString(ACCESS_KEY).isEmpty() != getPassword(SECRET_KEY).value().isEmpty()) {
            String missing = getString(ACCESS_KEY).isEmpty() ? ACCESS_KEY : SECRET_KEY;
            problems.put(
                    missing, "is missing: give both halves of the credentials, or neither to use those of the machine");
        }
        if (!getBoolean(METADATA) && nullValues() == NullValues.WRITE) {
            problems.put(
                    METADATA,
                    "without metadata columns a deleted row looks like any other: set " + NULL_VALUES
                            + " to ignore or fail");
        }
        if (!getBoolean(METADATA) && isFolder() && !isParquet()) {
            problems.put(
                    METADATA,
                    "a folder of JSON files is resumed by their last " + RowSchema.OFFSET
                            + ": leave the metadata columns on");
        }
        return problems;
    }

    private static ConfigDef store(ConfigDef keys) {
        return keys.define(BUCKET, STRING, "", HIGH, "The bucket; not used with a folder.")
                .define(BUCKET_CREATE, BOOLEAN, false, LOW, "Make the bucket when it does not exist.")
                .define(REGION, STRING, "us-west-2", MEDIUM, "The AWS region of the bucket.")
                .define(
                        STORE_URL,
                        STRING,
                        "",
                        LambdaValidator.with(S3SinkConfig::requireUrl, () -> "http:, https: or file: URL"),
                        HIGH,
                        "An S3 store that is not AWS, or file:/path for a folder.")
                .define(ACCESS_KEY, STRING, "", HIGH, "Empty for the credentials of the machine.")
                .define(SECRET_KEY, PASSWORD, "", HIGH, "The secret half of the credentials.")
                .define(PATH_STYLE, BOOLEAN, true, LOW, "The bucket is in the path of the address.")
                .define(CONDITIONAL_WRITES, BOOLEAN, true, LOW, "Store only under free names (If-None-Match).")
                .define(
                        PART_SIZE,
                        INT,
                        (int) (25 * MIB),
                        between(5 * MIB, Integer.MAX_VALUE),
                        MEDIUM,
                        "Larger files go up in parts of it; bytes.")
                .define(PART_RETRIES, INT, 3, between(0, 20), LOW, "How often a failed request is made again at once.")
                .define(RETRY_BACKOFF, LONG, 5000L, atLeast(0), LOW, "The wait when the retries are used up.")
                .define(SPOOL_DIR, STRING, "", LOW, "Where files grow before they go up.")
                .define(STORAGE, STRING, STORAGE_CLASS, ValidString.in(STORAGE_CLASS), LOW, "No other value.");
    }

    private static ConfigDef files(ConfigDef keys) {
        return keys.define(
                        TOPICS_DIR,
                        STRING,
                        "topics",
                        LambdaValidator.with(S3SinkConfig::requireTopicsDir, () -> "a path"),
                        HIGH,
                        "The folder in the bucket; empty for its top.")
                .define(PAD_WIDTH, INT, 10, between(1, 18), LOW, "The fewest digits that offsets have in names.")
                .define(
                        PARTITIONER,
                        STRING,
                        PARTITIONER_CLASS,
                        ValidString.in(PARTITIONER_CLASS),
                        LOW,
                        "No other value.")
                .define(
                        FORMAT,
                        STRING,
                        "parquet",
                        ValidString.in("parquet", "json", PARQUET_CLASS, JSON_CLASS),
                        HIGH,
                        "parquet, or json for JSON lines.")
                .define(
                        PARQUET_CODEC,
                        STRING,
                        "snappy",
                        ValidString.in("none", "snappy", "gzip", "zstd"),
                        LOW,
                        "How Parquet pages are compressed.")
                .define(
                        ROW_GROUP,
                        LONG,
                        32 * MIB,
                        between(MIB / 16, 1024 * MIB),
                        LOW,
                        "Held in memory until it is written; bytes.")
                .define(
                        JSON_COMPRESSION,
                        STRING,
                        "none",
                        ValidString.in("none", "gzip"),
                        LOW,
                        "How JSON files are compressed.")
                .define(METADATA, BOOLEAN, true, MEDIUM, "Add __partition, __offset, __timestamp and __deleted.")
                .define(
                        NULL_VALUES,
                        STRING,
                        "write",
                        anyCase("ignore", "fail", "write"),
                        MEDIUM,
                        "What becomes of deletes.")
                .define(
                        SCHEMA_COMPATIBILITY,
                        STRING,
                        "NONE",
                        anyCase("NONE"),
                        LOW,
                        "A row of another schema begins a file.");
    }

    private static ConfigDef rotation(ConfigDef keys) {
        return keys.define(FLUSH_SIZE, INT, 1_000_000, atLeast(1), HIGH, "The most rows of a file.")
                .define(FLUSH_BYTES, LONG, 128 * MIB, atLeast(MIB / 16), MEDIUM, "The size of a finished file, about.")
                .define(
                        ROTATE_INTERVAL,
                        LONG,
                        -1L,
                        atLeast(-1),
                        MEDIUM,
                        "The longest time between records; -1 for any.")
                .define(
                        ROTATE_SCHEDULE,
                        LONG,
                        300_000L,
                        atLeast(-1),
                        HIGH,
                        "The longest time that a row waits; -1 for ever.")
                .define(BUFFER_BYTES, LONG, 128 * MIB, atLeast(MIB), MEDIUM, "The most memory of open files; bytes.")
                .define(OPEN_FILES, INT, 1000, atLeast(1), LOW, "The most open files of a task.");
    }

    private static ConfigDef.Validator anyCase(String... values) {
        return ConfigDef.CaseInsensitiveValidString.in(values);
    }

    private static void requireUrl(String key, Object value) {
        String url = (String) value;
        if (!url.isEmpty() && !isUsable(url)) {
            throw new ConfigException(key, value, "Give http://host:port, https://host or file:/path");
        }
    }

    private static boolean isUsable(String url) {
        try {
            return url.startsWith("file:")
                    ? Path.of(URI.create(url)).isAbsolute()
                    : url.matches("https?://.+") && URI.create(url).getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void requireTopicsDir(String key, Object value) {
        String dir = (String) value;
        if (dir.startsWith("/") || dir.endsWith("/") || dir.contains("..")) {
            throw new ConfigException(key, value, "Give a path such as lake/raw, with no slash before or behind it");
        }
    }

    boolean isFolder() {
        return getString(STORE_URL).startsWith("file:");
    }

    Path folder() {
        return Path.of(URI.create(getString(STORE_URL)));
    }

    boolean isParquet() {
        String format = getString(FORMAT);
        return format.equals("parquet") || format.equals(PARQUET_CLASS);
    }

    boolean isGzip() {
        return getString(JSON_COMPRESSION).equals("gzip");
    }

    String extension() {
        if (isParquet()) {
            return ".parquet";
        }
        return isGzip() ? ".json.gz" : ".json";
    }

    CompressionCodecName parquetCodec() {
        String codec = getString(PARQUET_CODEC);
        return codec.equals("none")
                ? CompressionCodecName.UNCOMPRESSED
                : CompressionCodecName.valueOf(codec.toUpperCase(Locale.ROOT));
    }

    NullValues nullValues() {
        return nullValues;
    }

    Rotation rotation() {
        return rotation;
    }

    Bounds bounds() {
        return bounds;
    }

    String topicsDir() {
        return getString(TOPICS_DIR);
    }

    int offsetPadWidth() {
        return getInt(PAD_WIDTH);
    }

    boolean metadataColumns() {
        return getBoolean(METADATA);
    }

    long rowGroupBytes() {
        return getLong(ROW_GROUP);
    }

    Password secretKey() {
        return Objects.requireNonNull(getPassword(SECRET_KEY));
    }
}
