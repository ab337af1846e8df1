package io.millrace.connector.duckdb;

import io.millrace.connector.tables.TableSinkConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;

/** The keys of the DuckDB sink, besides those of every table sink. */
final class DuckDbConfig extends AbstractConfig {

    static final String DATABASE_PATH = "database.path";
    static final String MEMORY_LIMIT = "memory.limit";
    private static final Pattern MEMORY = Pattern.compile("(?i)\\d+(\\.\\d+)? ?([KMGT]i?B)");

    DuckDbConfig(Map<String, String> settings) {
        super(keys(), settings);
    }

    static ConfigDef keys() {
        return TableSinkConfig.keys()
                .define(
                        DATABASE_PATH,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        new ConfigDef.NonEmptyString(),
                        Importance.HIGH,
                        "The DuckDB file; it is created, with its directory, when it does not exist.")
                .define(
                        MEMORY_LIMIT,
                        ConfigDef.Type.STRING,
                        "1GB",
                        ConfigDef.LambdaValidator.with(
                                DuckDbConfig::checkMemory, () -> "a number with a unit, as in 512MB or 2GiB"),
                        Importance.MEDIUM,
                        "The most memory DuckDB takes outside the Java heap; what does not fit goes to disk. It holds"
                                + " for the whole file, so all connectors of a file should say the same.");
    }

    private static void checkMemory(String key, Object value) {
        if (value != null && !MEMORY.matcher(value.toString()).matches()) {
            throw new ConfigException(key, value, "must be a number with a unit, as in 512MB or 2GiB");
        }
    }

    String memoryLimit() {
        return getString(MEMORY_LIMIT);
    }

    /** The file's one name, whatever way the settings spell it; makes its directory. */
    Path file() {
        Path path = Path.of(getString(DATABASE_PATH)).toAbsolutePath().normalize();
        try {
            Path directory = Files.createDirectories(path.getParent());
            return Files.exists(path)
                    ? path.toRealPath()
                    : directory.toRealPath().resolve(path.getFileName());
        } catch (IOException e) {
            throw new UncheckedIOException("no directory for " + DATABASE_PATH + "=" + path, e);
        }
    }
}
