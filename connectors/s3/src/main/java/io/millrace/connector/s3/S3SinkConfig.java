package io.millrace.connector.s3;

import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
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
    private static final int PART_SIZE_MIN = 5 << 20;

    static final ConfigDef DEFINITION = store(uploads(files(rows(rotation(new ConfigDef())))));

    /** What to do with a record whose value is null. */
    enum NullValues {
        IGNORE,
        FAIL,
        WRITE
    }

    /**
     * @throws ConfigException naming the key, the value and what is wrong
     */
    S3SinkConfig(Map<String, String> props) {
        super(DEFINITION, props, false);
        problems().forEach((key, problem) -> {
            throw new ConfigException(key, originals().get(key), problem);
        });
    }

    private S3SinkConfig(Map<String, String> props, boolean unchecked) {
        super(DEFINITION, props, false);
        assert unchecked;
    }

    /** What is wrong between keys that are right each by itself. */
    static Map<String, String> problems(Map<String, String> props) {
        return new S3SinkConfig(props, true).problems();
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
        return keys.define(BUCKET, ConfigDef.Type.STRING, "", Importance.HIGH, "The bucket; not used with a folder.")
                .define(
                        BUCKET_CREATE,
                        ConfigDef.Type.BOOLEAN,
                        false,
                        Importance.LOW,
                        "Make the bucket when it does not exist.")
                .define(REGION, ConfigDef.Type.STRING, "us-west-2", Importance.MEDIUM, "The AWS region of the bucket.")
                .define(
                        STORE_URL,
                        ConfigDef.Type.STRING,
                        "",
                        ConfigDef.LambdaValidator.with(S3SinkConfig::requireUrl, () -> "http:, https: or file: URL"),
                        Importance.HIGH,
                        "The address of an S3 store that is not AWS, or file:/path for a folder of this machine.")
                .define(
                        ACCESS_KEY,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.HIGH,
                        "Empty for the credentials of the machine.")
                .define(SECRET_KEY, ConfigDef.Type.PASSWORD, "", Importance.HIGH, "The secret half of the credentials.")
                .define(
                        PATH_STYLE,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "The bucket is in the path of the address, not in its host name.")
                .define(
                        CONDITIONAL_WRITES,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.LOW,
                        "Store a file only if its name is free. Off for stores that do not know If-None-Match.")
                .define(
                        STORAGE,
                        ConfigDef.Type.STRING,
                        STORAGE_CLASS,
                        ValidString.in(STORAGE_CLASS),
                        Importance.LOW,
                        "Taken for configs of Confluent's connector.");
    }

    private static ConfigDef uploads(ConfigDef keys) {
        return keys.define(
                        PART_SIZE,
                        ConfigDef.Type.INT,
                        (int) (25 * MIB),
                        Range.between(PART_SIZE_MIN, Integer.MAX_VALUE),
                        Importance.MEDIUM,
                        "Files up to this size go up in one request, larger ones in parts of it. Bytes.")
                .define(
                        PART_RETRIES,
                        ConfigDef.Type.INT,
                        3,
                        Range.between(0, 20),
                        Importance.LOW,
                        "How often a request that failed is made again at once.")
                .define(
                        RETRY_BACKOFF,
                        ConfigDef.Type.LONG,
                        5000L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "How long to wait when the retries are used up, before everything is tried again.")
                .define(
                        SPOOL_DIR,
                        ConfigDef.Type.STRING,
                        "",
                        Importance.LOW,
                        "Where files grow before they go up; empty for /tmp.");
    }

    private static ConfigDef files(ConfigDef keys) {
        return keys.define(
                        TOPICS_DIR,
                        ConfigDef.Type.STRING,
                        "topics",
                        ConfigDef.LambdaValidator.with(
                                S3SinkConfig::requireTopicsDir, () -> "a path, no slash around it"),
                        Importance.HIGH,
                        "The folder in the bucket; empty for its top.")
                .define(
                        PAD_WIDTH,
                        ConfigDef.Type.INT,
                        10,
                        Range.between(1, 18),
                        Importance.LOW,
                        "The fewest digits that offsets have in names.")
                .define(
                        PARTITIONER,
                        ConfigDef.Type.STRING,
                        PARTITIONER_CLASS,
                        ValidString.in(PARTITIONER_CLASS),
                        Importance.LOW,
                        "Taken for configs of Confluent's connector.")
                .define(
                        FORMAT,
                        ConfigDef.Type.STRING,
                        "parquet",
                        ValidString.in("parquet", "json", PARQUET_CLASS, JSON_CLASS),
                        Importance.HIGH,
                        "parquet, or json for JSON lines.")
                .define(
                        PARQUET_CODEC,
                        ConfigDef.Type.STRING,
                        "snappy",
                        ValidString.in("none", "snappy", "gzip", "zstd"),
                        Importance.LOW,
                        "How Parquet pages are compressed.")
                .define(
                        ROW_GROUP,
                        ConfigDef.Type.LONG,
                        32 * MIB,
                        Range.between(MIB / 16, 1024 * MIB),
                        Importance.LOW,
                        "How much of a Parquet file is held in memory until it is written. Bytes.")
                .define(
                        JSON_COMPRESSION,
                        ConfigDef.Type.STRING,
                        "none",
                        ValidString.in("none", "gzip"),
                        Importance.LOW,
                        "How JSON files are compressed.");
    }

    private static ConfigDef rows(ConfigDef keys) {
        return keys.define(
                        METADATA,
                        ConfigDef.Type.BOOLEAN,
                        true,
                        Importance.MEDIUM,
                        "Add __partition, __offset, __timestamp and __deleted to every row.")
                .define(
                        NULL_VALUES,
                        ConfigDef.Type.STRING,
                        "write",
                        ConfigDef.CaseInsensitiveValidString.in("ignore", "fail", "write"),
                        Importance.MEDIUM,
                        "What becomes of deletes (a key without a value): write gives a row of the key with"
                                + " __deleted=true.")
                .define(
                        SCHEMA_COMPATIBILITY,
                        ConfigDef.Type.STRING,
                        "NONE",
                        ConfigDef.CaseInsensitiveValidString.in("NONE"),
                        Importance.LOW,
                        "A row of another schema begins another file; there is no other mode.");
    }

    private static ConfigDef rotation(ConfigDef keys) {
        return keys.define(
                        FLUSH_SIZE,
                        ConfigDef.Type.INT,
                        1_000_000,
                        Range.atLeast(1),
                        Importance.HIGH,
                        "The most rows of a file.")
                .define(
                        FLUSH_BYTES,
                        ConfigDef.Type.LONG,
                        128 * MIB,
                        Range.atLeast(MIB / 16),
                        Importance.MEDIUM,
                        "The size at which a file is finished, about. Bytes.")
                .define(
                        ROTATE_INTERVAL,
                        ConfigDef.Type.LONG,
                        -1L,
                        Range.atLeast(-1),
                        Importance.MEDIUM,
                        "The longest time between the time stamps of the records of a file; -1 for any.")
                .define(
                        ROTATE_SCHEDULE,
                        ConfigDef.Type.LONG,
                        300_000L,
                        Range.atLeast(-1),
                        Importance.HIGH,
                        "The longest time that a row waits to be stored, by the clock; -1 for ever.")
                .define(
                        BUFFER_BYTES,
                        ConfigDef.Type.LONG,
                        128 * MIB,
                        Range.atLeast(MIB),
                        Importance.MEDIUM,
                        "What all open files of a task hold in memory, at most; the largest is finished early. Bytes.")
                .define(
                        OPEN_FILES,
                        ConfigDef.Type.INT,
                        1000,
                        Range.atLeast(1),
                        Importance.LOW,
                        "The most open files of a task; the one that was left alone longest is finished early.");
    }

    private static void requireUrl(String key, Object value) {
        String url = (String) value;
        boolean known = url.isEmpty() || url.matches("(https?://|file:/).+");
        if (!known) {
            throw new ConfigException(key, value, "Give http://host:port, https://host or file:/path");
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
        return NullValues.valueOf(getString(NULL_VALUES).toUpperCase(Locale.ROOT));
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
