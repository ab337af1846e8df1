package io.millrace.connect.plugin;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One place with plugins that belong together: a directory of jars, a single jar, or the runtime's own class path.
 * Its class loader is made when the first of its plugins is used.
 *
 * <p>A directory whose jars all stand on the class path of the process, as those of the bundled connectors do, is not
 * isolated: its classes are those of the class path.
 */
final class PluginLocation {

    private final String name;
    private final List<Path> archives;
    private final ClassLoader parent;
    private @Nullable ClassLoader loader;

    private PluginLocation(String name, List<Path> archives, boolean isolated, ClassLoader parent) {
        this.name = name;
        this.archives = archives;
        this.parent = parent;
        this.loader = isolated ? null : parent;
    }

    /** What is on the class path already, and in no directory of the plugin path; not isolated. */
    static PluginLocation classPath(ClassLoader runtime) {
        return new PluginLocation("classpath", List.of(), false, runtime);
    }

    /**
     * The plugins directly below a directory of the plugin path: each sub-directory and each jar is one location.
     *
     * @param runtime what the plugins share, with the archives that stand on its class path
     */
    static List<PluginLocation> below(Path directory, RuntimeView runtime) throws IOException {
        List<PluginLocation> locations = new ArrayList<>();
        try (Stream<Path> children = Files.list(directory)) {
            for (Path child : children.sorted().toList()) {
                List<Path> archives = Files.isDirectory(child) ? archivesBelow(child) : List.of(child);
                if (!archives.isEmpty() && archives.stream().allMatch(PluginLocation::isArchive)) {
                    boolean isolated = !runtime.hidesAll(archives);
                    locations.add(new PluginLocation(
                            child.toString(), archives, isolated, isolated ? runtime : runtime.whole()));
                }
            }
        }
        return locations;
    }

    private static List<Path> archivesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(PluginLocation::isArchive).sorted().toList();
        }
    }

    private static boolean isArchive(Path path) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".jar") || name.endsWith(".zip");
    }

    String name() {
        return name;
    }

    List<Path> archives() {
        return archives;
    }

    synchronized ClassLoader loader() {
        ClassLoader known = loader;
        if (known == null) {
            known = new PluginClassLoader(
                    name, archives.stream().map(PluginLocation::url).toArray(URL[]::new), parent);
            loader = known;
            JdbcDrivers.register(known);
        }
        return known;
    }

    /** The address by which class loaders know an archive. */
    static URL url(Path archive) {
        try {
            return archive.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("not a usable path of a plugin: " + archive, e);
        }
    }

    /** Closes the jars; classes not yet loaded can no longer be. */
    synchronized void close() throws IOException {
        if (loader instanceof PluginClassLoader own) {
            own.close();
        }
    }
}
