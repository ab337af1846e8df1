package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connect.plugin.ConfigValidator;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginFailure;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.Plugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins in directories: found, isolated, and of no harm to each other. */
class PluginsTest {

    private static final int PLUGINS = 5;
    private static final String SOURCE = "io.millrace.connect.testkit.CountingSourceConnector";

    @TempDir
    private Path directory;

    private static List<String> testkit(Plugins plugins) {
        return plugins.all().stream()
                .map(PluginDescriptor::className)
                .filter(name -> name.contains("testkit"))
                .toList();
    }

    @Test
    void findsPluginsByTheirManifests() {
        try (Plugins plugins = Plugins.discover(List.of(FixturePlugin.strictIn(directory)))) {
            assertThat(testkit(plugins)).hasSize(PLUGINS);
            assertThat(plugins.connector("CountingSource").className()).isEqualTo(SOURCE);
            assertThat(plugins.connector("CountingSourceConnector").type()).isEqualTo(PluginType.SOURCE);
        }
    }

    @Test
    void findsPluginsThatHaveNoManifest() {
        try (Plugins plugins = Plugins.discover(List.of(FixturePlugin.withoutManifestIn(directory)))) {
            assertThat(testkit(plugins))
                    .containsExactlyInAnyOrder(
                            SOURCE,
                            "io.millrace.connect.testkit.BoundarySourceConnector",
                            "io.millrace.connect.testkit.FileSinkConnector",
                            "io.millrace.connect.testkit.LeakySourceConnector",
                            "io.millrace.connect.testkit.Stumble");
        }
    }

    @Test
    void readsClassFilesOnlyAgainWhenAnArchiveChanged() throws IOException {
        Path path = FixturePlugin.withoutManifestIn(directory);
        Path index = path.resolve(".millrace-plugins.properties");
        Plugins.discover(List.of(path)).close();
        assertThat(index).content().contains("SOURCE " + SOURCE);

        Files.writeString(index, Files.readString(index).replace("CountingSource", "RecalledSource"));
        assertThat(discovered(path)).as("what the index says").contains(SOURCE.replace("Counting", "Recalled"));

        Path jar = path.resolve("testkit/testkit.jar");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));
        assertThat(discovered(path)).as("what the class files say").contains(SOURCE);
        Files.writeString(index, "\\u00zz");
        assertThat(discovered(path))
                .as("an index that cannot be read is made anew")
                .contains(SOURCE);
    }

    private static List<String> discovered(Path path) {
        try (Plugins plugins = Plugins.discover(List.of(path))) {
            return testkit(plugins);
        }
    }

    @Test
    void isolatesEachPlaceFromTheOthers() {
        Path first = FixturePlugin.strictIn(directory.resolve("first"));
        Path second = FixturePlugin.strictIn(directory.resolve("second"));
        try (Plugins plugins = Plugins.discover(List.of(first, second))) {
            List<Class<?>> classes = plugins.all().stream()
                    .filter(plugin -> plugin.className().equals(SOURCE))
                    .<Class<?>>map(plugin ->
                            plugins.newInstance(plugin, Connector.class).getClass())
                    .toList();

            assertThat(classes).hasSize(2).doesNotHaveDuplicates();
            assertThatThrownBy(() -> Class.forName(SOURCE))
                    .as("not on the class path of the runtime")
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void reportsAPlaceThatCannotBeReadAndGoesOn() throws IOException {
        Path plugins = FixturePlugin.strictIn(directory);
        Files.writeString(Files.createDirectories(plugins.resolve("broken")).resolve("broken.jar"), "no archive");

        try (Plugins found = Plugins.discover(List.of(plugins))) {
            assertThat(testkit(found)).hasSize(PLUGINS);
            assertThat(found.broken())
                    .singleElement()
                    .satisfies(broken -> assertThat(broken.location()).endsWith("broken"));
        }
    }

    @Test
    void refusesAPathThatIsNotThere() {
        Path nowhere = directory.resolve("nowhere");

        assertThatThrownBy(() -> Plugins.discover(List.of(nowhere)))
                .isInstanceOf(PluginFailure.class)
                .hasMessageContaining(nowhere.toString())
                .hasMessageContaining("create it");
    }

    @Test
    void letsUnknownKeysPassWhereTheDefinitionsMayBeIncomplete() {
        try (Plugins plugins = Plugins.discover(List.of(FixturePlugin.lenientIn(directory)))) {
            Map<String, String> config =
                    Map.of("name", "any", "connector.class", SOURCE, "topic", "t", "bach.size", "5");

            assertThat(new ConfigValidator(plugins, Map.of(), ConfigValidator.Rules.DEFAULTS)
                            .validate(config)
                            .errors())
                    .isEmpty();
        }
    }
}
