package io.millrace.connect.plugin;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's class path as isolated plugins see it: without the connectors that stand on it, so that a plugin finds
 * the same whichever connectors are bundled; and with classes of Kafka's client that have moved, under their old names.
 */
final class RuntimeView extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader runtime;
    private final Set<String> hidden = new HashSet<>();

    /** @param hidden the archives whose classes and resources are not seen */
    RuntimeView(ClassLoader runtime, Collection<Path> hidden) {
        super("runtime", ClassLoader.getPlatformClassLoader());
        this.runtime = runtime;
        hidden.forEach(archive -> this.hidden.add(address(archive)));
    }

    /** A view that hides what stands on the class path of this process and in a directory of the plugin path. */
    static RuntimeView of(ClassLoader runtime, List<Path> pluginPath) {
        List<Path> directories = pluginPath.stream().map(RuntimeView::plain).toList();
        List<Path> hidden = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> plain(Path.of(entry)))
                .filter(entry -> directories.stream().anyMatch(entry::startsWith))
                .toList();
        return new RuntimeView(runtime, hidden);
    }

    private static Path plain(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private static String address(Path archive) {
        return PluginLocation.url(plain(archive)).toString();
    }

    /** The loader that sees everything. */
    ClassLoader whole() {
        return runtime;
    }

    boolean hidesAll(List<Path> archives) {
        return archives.stream().map(RuntimeView::address).allMatch(hidden::contains);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        Class<?> loaded = find(name);
        CodeSource source = loaded.getProtectionDomain().getCodeSource();
        if (source != null
                && source.getLocation() != null
                && hidden.contains(source.getLocation().toString())) {
            throw new ClassNotFoundException(name);
        }
        return loaded;
    }

    private Class<?> find(String name) throws ClassNotFoundException {
        try {
            return runtime.loadClass(name);
        } catch (ClassNotFoundException e) {
            Class<?> moved = moved(name);
            if (moved == null) {
                throw e;
            }
            return moved;
        }
    }

    private @Nullable Class<?> moved(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try {
                byte[] bytes = MovedClasses.underOldName(name, runtime);
                return bytes == null ? null : defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        try {
            Enumeration<URL> seen = getResources(name);
            return seen.hasMoreElements() ? seen.nextElement() : null;
        } catch (IOException e) {
            return null;
        }
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = Collections.list(runtime.getResources(name));
        return Collections.enumeration(
                all.stream().filter(resource -> !isHidden(resource)).toList());
    }

    private boolean isHidden(URL resource) {
        String text = resource.toString();
        int inArchive = text.indexOf("!/");
        return text.startsWith("jar:") && inArchive > 0 && hidden.contains(text.substring("jar:".length(), inArchive));
    }
}
