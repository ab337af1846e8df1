package io.millrace.connect.plugin;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found in the class files of plugins that have no manifest, kept in a file of the plugin directory: reading
 * those again takes seconds. An entry counts for exactly the archives that it was made from, by path, size and time of
 * change; a place that changed is read again. Where the directory cannot be written there is no index.
 *
 * <p><b>Threads.</b> One.
 */
final class PluginIndex {

    /** The name of the file; it is no archive, and so no plugin. */
    static final String FILE = ".millrace-plugins.properties";

    private static final Logger LOG = LoggerFactory.getLogger(PluginIndex.class);

    private final Path file;
    private final Properties stored = new Properties();
    private final Properties used = new Properties();

    /** Reads class files, which is what takes long. */
    @FunctionalInterface
    interface Scan {
        List<PluginDescriptor> read() throws IOException;
    }

    /** The index of a directory of the plugin path; empty where there is none, or none that can be read. */
    PluginIndex(Path directory) {
        this.file = directory.resolve(FILE);
        try (Reader text = Files.newBufferedReader(file)) {
            stored.load(text);
        } catch (NoSuchFileException e) {
            LOG.atDebug().addKeyValue("file", file).log("no index of plugins yet");
        } catch (IOException | IllegalArgumentException e) {
            LOG.atWarn().addKeyValue("file", file).setCause(e).log("the index of plugins cannot be read, made anew");
        }
    }

    /** What is known of the location, or else what the scan finds. */
    List<PluginDescriptor> plugins(PluginLocation location, Scan scan) throws IOException {
        String key = fingerprint(location);
        String known = stored.getProperty(key);
        List<PluginDescriptor> found = known == null ? scan.read() : parsed(known, location);
        used.setProperty(
                key,
                found.stream()
                        .map(plugin -> plugin.type() + " " + plugin.className())
                        .collect(Collectors.joining(",")));
        return found;
    }

    private static String fingerprint(PluginLocation location) throws IOException {
        StringBuilder archives = new StringBuilder();
        for (Path archive : location.archives()) {
            archives.append(archive.toAbsolutePath())
                    .append(' ')
                    .append(Files.size(archive))
                    .append(' ')
                    .append(Files.getLastModifiedTime(archive).toMillis())
                    .append('\n');
        }
        return UUID.nameUUIDFromBytes(archives.toString().getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static List<PluginDescriptor> parsed(String known, PluginLocation location) {
        List<PluginDescriptor> plugins = new ArrayList<>();
        for (String entry : ConnectorKeys.list(known)) {
            String[] parts = entry.split(" ", 2);
            plugins.add(new PluginDescriptor(PluginType.valueOf(parts[0]), parts[1], location));
        }
        return plugins;
    }

    /** Keeps what was asked for since the index was read, if that is anything new. */
    void save() {
        if (used.equals(stored)) {
            return;
        }
        Path draft = file.resolveSibling(FILE + ".draft");
        try {
            try (Writer text = Files.newBufferedWriter(draft)) {
                used.store(text, "Found in class files; made anew when it is missing.");
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("file", file).setCause(e).log("no index of plugins is kept here");
        }
    }
}
