package io.millrace.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;

/** Packs the connectors of the testkit as a plugin, as a vendor would. */
final class FixturePlugin {

    private static final Path CLASSES = Path.of("../testkit/target/classes/io/millrace/connect/testkit");
    private static final String PACKAGE = "io/millrace/connect/testkit/";
    private static final String SOURCE = "io.millrace.connect.testkit.CountingSourceConnector";
    private static final String LEAKY = "io.millrace.connect.testkit.LeakySourceConnector";
    private static final String BOUNDARIES = "io.millrace.connect.testkit.BoundarySourceConnector";
    private static final String TRANSFORM = "io.millrace.connect.testkit.Stumble";
    private static final String SINK = "io.millrace.connect.testkit.FileSinkConnector";

    static final String PROVIDER = "io.millrace.connect.testkit.AnsweringConfigProvider";
    static final String POLICY = "io.millrace.connect.testkit.ShortConnectorClientConfigOverridePolicy";

    private FixturePlugin() {}

    /** Makes a directory of plugins with the testkit's jar in a sub-directory; the connectors refuse unknown keys. */
    static Path strictIn(Path directory) {
        return pack(directory, true, true, "");
    }

    /** The same without the file that makes the connectors strict. */
    static Path lenientIn(Path directory) {
        return pack(directory, true, false, "");
    }

    /** The same without any manifest: what old plugins look like. */
    static Path withoutManifestIn(Path directory) {
        return pack(directory, false, false, "");
    }

    /** Makes a directory of plugins as {@link #strictIn} does, which say that they are of this version. */
    static Path versionIn(Path directory, String version) {
        return pack(directory, true, true, version);
    }

    private static Path pack(Path directory, boolean manifests, boolean strict, String version) {
        try {
            Path plugin = Files.createDirectories(directory.resolve("plugins/testkit"));
            try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(plugin.resolve("testkit.jar")))) {
                addClasses(jar);
                if (!version.isEmpty()) {
                    add(jar, "META-INF/testkit-version", version);
                }
                // What the worker names has a manifest always.
                add(jar, "META-INF/services/org.apache.kafka.common.config.provider.ConfigProvider", PROVIDER);
                add(jar, "META-INF/services/" + ConnectorClientConfigOverridePolicy.class.getName(), POLICY);
                if (manifests) {
                    add(
                            jar,
                            "META-INF/services/org.apache.kafka.connect.source.SourceConnector",
                            SOURCE + "\n" + LEAKY + "\n" + BOUNDARIES);
                    add(jar, "META-INF/services/org.apache.kafka.connect.sink.SinkConnector", SINK);
                    add(jar, "META-INF/services/org.apache.kafka.connect.transforms.Transformation", TRANSFORM);
                }
                if (strict) {
                    String rules = "unknown.keys=refuse\npass.through.prefixes=driver.";
                    add(jar, "META-INF/millrace/" + SOURCE + ".properties", rules);
                    add(jar, "META-INF/millrace/" + SINK + ".properties", rules);
                    add(jar, "META-INF/millrace/" + BOUNDARIES + ".properties", rules);
                }
            }
            return directory.resolve("plugins");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void addClasses(JarOutputStream jar) throws IOException {
        try (Stream<Path> files = Files.list(CLASSES)) {
            List<Path> classes = files.filter(Files::isRegularFile).sorted().toList();
            for (Path file : classes) {
                jar.putNextEntry(new JarEntry(PACKAGE + file.getFileName()));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }

    private static void add(JarOutputStream jar, String name, String text) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(text.getBytes(StandardCharsets.UTF_8));
        jar.closeEntry();
    }
}
