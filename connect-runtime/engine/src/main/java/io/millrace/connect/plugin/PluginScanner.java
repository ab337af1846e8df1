package io.millrace.connect.plugin;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.reflect.AccessFlag;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Finds the plugins of a location without loading a class: from the {@code ServiceLoader} manifests of its jars, and
 * where none of those names what connectors are made of, from the class files themselves. What the worker itself names,
 * such as config providers, has a manifest always.
 */
final class PluginScanner {

    private PluginScanner() {}

    /** What a class file says of itself. */
    private record Declared(Set<String> supertypes, boolean usable) {}

    static List<PluginDescriptor> scan(PluginLocation location, PluginIndex index) throws IOException {
        List<PluginDescriptor> found = new ArrayList<>();
        for (Path archive : location.archives()) {
            try (JarFile jar = new JarFile(archive.toFile())) {
                readManifests(jar, location, found);
            }
        }
        if (found.stream().noneMatch(plugin -> plugin.type().isOfConnectors())) {
            found.addAll(index.plugins(location, () -> scanClasses(location)));
        }
        return found;
    }

    private static void readManifests(JarFile jar, PluginLocation location, List<PluginDescriptor> found)
            throws IOException {
        for (PluginType type : PluginType.values()) {
            JarEntry manifest = jar.getJarEntry(type.manifest());
            if (manifest != null) {
                readManifest(jar.getInputStream(manifest), type, location, found);
            }
        }
    }

    /** The plugins on the class path of the runtime, by their manifests only. */
    static List<PluginDescriptor> scanClassPath(PluginLocation location) throws IOException {
        List<PluginDescriptor> found = new ArrayList<>();
        for (PluginType type : PluginType.values()) {
            for (URL manifest : Collections.list(location.loader().getResources(type.manifest()))) {
                readManifest(manifest.openStream(), type, location, found);
            }
        }
        return found;
    }

    private static void readManifest(
            InputStream manifest, PluginType type, PluginLocation location, List<PluginDescriptor> found)
            throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(manifest, StandardCharsets.UTF_8))) {
            lines.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .map(className -> new PluginDescriptor(type, className, location))
                    .filter(plugin -> !found.contains(plugin))
                    .forEach(found::add);
        }
    }

    private static List<PluginDescriptor> scanClasses(PluginLocation location) throws IOException {
        Map<String, Declared> classes = new HashMap<>();
        for (Path archive : location.archives()) {
            try (JarFile jar = new JarFile(archive.toFile())) {
                readClasses(jar, classes);
            }
        }
        List<PluginDescriptor> found = new ArrayList<>();
        for (String className : classes.keySet().stream().sorted().toList()) {
            PluginType type = typeOf(className, classes);
            if (type != null) {
                found.add(new PluginDescriptor(type, className, location));
            }
        }
        return found;
    }

    private static void readClasses(JarFile jar, Map<String, Declared> classes) throws IOException {
        for (JarEntry entry : Collections.list(jar.entries())) {
            boolean versioned = entry.getName().startsWith("META-INF/");
            if (!versioned
                    && entry.getName().endsWith(".class")
                    && !entry.getName().endsWith("module-info.class")) {
                try (InputStream bytes = jar.getInputStream(entry)) {
                    declare(bytes.readAllBytes(), classes);
                }
            }
        }
    }

    private static void declare(byte[] bytes, Map<String, Declared> classes) {
        ClassModel model;
        try {
            model = ClassFile.of().parse(bytes);
        } catch (IllegalArgumentException e) {
            // Not a class file of a version we know: nothing that could be loaded here.
            return;
        }
        Set<String> supertypes = new LinkedHashSet<>();
        model.superclass().ifPresent(parent -> supertypes.add(dotted(parent.asInternalName())));
        model.interfaces().forEach(parent -> supertypes.add(dotted(parent.asInternalName())));
        boolean usable = model.flags().has(AccessFlag.PUBLIC) && !model.flags().has(AccessFlag.ABSTRACT);
        classes.put(dotted(model.thisClass().asInternalName()), new Declared(supertypes, usable));
    }

    private static String dotted(String internalName) {
        return internalName.replace('/', '.');
    }

    private static @Nullable PluginType typeOf(String className, Map<String, Declared> classes) {
        Declared declared = classes.get(className);
        if (declared == null || !declared.usable()) {
            return null;
        }
        Set<String> supertypes = allSupertypes(declared, classes);
        for (PluginType type : PluginType.OF_CONNECTORS) {
            if (supertypes.contains(type.base().getName())) {
                return type;
            }
        }
        return null;
    }

    private static Set<String> allSupertypes(Declared start, Map<String, Declared> classes) {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(start.supertypes());
        while (!open.isEmpty()) {
            String name = open.pop();
            Declared declared = seen.add(name) ? classes.get(name) : null;
            if (declared != null) {
                open.addAll(declared.supertypes());
            }
        }
        return seen;
    }
}
