package io.millrace.platform;

import io.millrace.connect.WorkerConfig;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;

/** The config of the connect runtime: what the options of the program say, and what a file adds to that. */
final class WorkerSettings {

    private static final Map<String, String> OPTIONS = Map.of(
            WorkerConfig.BOOTSTRAP_SERVERS, "--bootstrap",
            WorkerConfig.LISTENERS, "--rest-listen",
            WorkerConfig.PLUGIN_PATH, "--plugin-path");

    private WorkerSettings() {}

    /**
     * @param bundled the directory of the plugins that come with the program
     * @param log the log's address; empty where it is not known yet
     * @throws UserError when the file cannot be read, or a key in it is wrong or an option's
     */
    static WorkerConfig of(PlatformConfig config, Path bundled, String log) {
        Map<String, String> keys = new HashMap<>();
        keys.put(WorkerConfig.KEY_FILE, config.dataDir().resolve("secrets.key").toString());
        Optional<Path> file = config.connect().settings();
        file.ifPresent(given -> keys.putAll(read(given)));
        keys.put(WorkerConfig.BOOTSTRAP_SERVERS, log);
        keys.put(WorkerConfig.LISTENERS, "http://" + config.restListen());
        keys.put(WorkerConfig.PLUGIN_PATH, pluginPath(config, bundled));
        try {
            return WorkerConfig.of(keys);
        } catch (ConfigException e) {
            throw new UserError(
                    file.map(given -> given + ": " + e.getMessage()).orElse(String.valueOf(e.getMessage())), e);
        }
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader text = Files.newBufferedReader(file)) {
            properties.load(text);
        } catch (IOException | IllegalArgumentException e) {
            throw new UserError("--worker-config: %s cannot be read as properties: %s".formatted(file, e), e);
        }
        Map<String, String> keys = new HashMap<>();
        properties.stringPropertyNames().forEach(key -> {
            String option = OPTIONS.get(key);
            if (option != null) {
                throw new UserError("%s sets \"%s\": give that by %s".formatted(file, key, option));
            }
            keys.put(key, properties.getProperty(key));
        });
        return keys;
    }

    private static String pluginPath(PlatformConfig config, Path bundled) {
        return Stream.concat(Stream.of(bundled), config.connect().pluginPath().stream())
                .map(Path::toString)
                .collect(Collectors.joining(","));
    }
}
