package io.millrace.connect.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuntimeViewTest {

    private static final String HIDDEN = JsonConverter.class.getName();
    private static final String MANIFEST = "META-INF/services/" + Converter.class.getName();

    private final ClassLoader runtime = RuntimeViewTest.class.getClassLoader();
    private final Path jar = Path.of(JsonConverter.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath());
    private final RuntimeView view = new RuntimeView(runtime, List.of(jar));

    @TempDir
    private Path directory;

    @Test
    void hidesClassesAndResourcesOfAnArchive() throws IOException {
        assertThatThrownBy(() -> view.loadClass(HIDDEN)).isInstanceOf(ClassNotFoundException.class);
        assertThat(view.getResource(HIDDEN.replace('.', '/') + ".class")).isNull();
        assertThat(Collections.list(runtime.getResources(MANIFEST)))
                .anyMatch(manifest -> manifest.toString().contains(jar.toString()));
        assertThat(Collections.list(view.getResources(MANIFEST)))
                .noneMatch(manifest -> manifest.toString().contains(jar.toString()));
    }

    @Test
    void showsEverythingElse() throws ClassNotFoundException {
        assertThat(view.loadClass(Converter.class.getName())).isSameAs(Converter.class);
        assertThat(view.getResource(Converter.class.getName().replace('.', '/') + ".class"))
                .isNotNull();
    }

    @Test
    void aFolderWhoseJarsAllStandOnTheClassPathIsNotIsolated() throws IOException {
        Path folder = Files.createDirectories(directory.resolve("connectors/json"));
        Path copy = Files.copy(jar, folder.resolve("connect-json.jar"));

        ClassLoader bundled = only(new RuntimeView(runtime, List.of(copy))).loader();
        ClassLoader isolated = only(view).loader();

        assertThat(bundled).isSameAs(runtime);
        assertThat(isolated).isInstanceOf(PluginClassLoader.class);
        assertThat(isolated.getParent()).isSameAs(view);
    }

    private PluginLocation only(RuntimeView seen) throws IOException {
        List<PluginLocation> found = PluginLocation.below(directory.resolve("connectors"), seen);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
