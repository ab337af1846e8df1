package io.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked elsewhere and run with nothing but a JDK. */
class ArchiveIT {

    @TempDir
    private Path directory;

    @Test
    void runsWhereItIsUnpacked() throws Exception {
        Process unpack = new ProcessBuilder("tar", "xzf", archive().toString(), "-C", directory.toString())
                .inheritIO()
                .start();
        assertThat(unpack.waitFor()).isZero();
        Path home = only(directory, "millrace-");
        assertThat(home.resolve("pom.xml")).doesNotExist();
        Path launcher = home.resolve("millrace");

        try (Program prepare = Program.start(launcher, directory, "prepare")) {
            assertThat(prepare.exitCode()).as(prepare.output()).isZero();
        }
        assertThat(home.resolve("server.aot")).isNotEmptyFile();
        assertThat(home.resolve("connectors.aot")).isNotEmptyFile();
        try (Program server = Program.start(
                launcher, directory, "server", "--kafka-listen", "127.0.0.1:0", "--rest-listen", "127.0.0.1:0")) {
            String url = server.await("rest +(http://[0-9.:]+)");
            try (RestApi rest = new RestApi(url)) {
                assertThat(rest.get("/connector-plugins").findValuesAsText("class"))
                        .contains("io.millrace.connector.cdc.PostgresCdcSourceConnector");
            }
            server.terminate();
            server.exitCode();
            assertThat(server.output()).doesNotContain("[warning]").doesNotContain("[error");
        }
    }

    /** The program and the bundled connectors share one class path, so a library on it must be one. */
    @Test
    void noTwoFoldersOfTheProgramHoldDifferentVersionsOfAClass() throws IOException {
        Map<String, Long> checksums = new HashMap<>();
        Map<String, Path> places = new HashMap<>();
        List<String> conflicts = new ArrayList<>();

        for (Path jar : jars(Path.of("target", "millrace"))) {
            try (JarFile opened = new JarFile(jar.toFile())) {
                opened.stream().filter(ArchiveIT::isClass).forEach(entry -> {
                    Path other = places.putIfAbsent(entry.getName(), jar);
                    Long checksum = checksums.putIfAbsent(entry.getName(), entry.getCrc());
                    if (other != null
                            && !Objects.equals(other.getParent(), jar.getParent())
                            && !same(checksum, entry)) {
                        conflicts.add(entry.getName() + " in " + other + " and " + jar);
                    }
                });
            }
        }

        assertThat(places).hasSizeGreaterThan(10_000);
        assertThat(conflicts).isEmpty();
    }

    private static boolean same(@Nullable Long checksum, JarEntry entry) {
        return checksum == null || checksum == entry.getCrc();
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().endsWith(".class")
                && !entry.getName().startsWith("META-INF/")
                && !entry.getName().equals("module-info.class");
    }

    private static List<Path> jars(Path program) throws IOException {
        try (Stream<Path> files = Files.walk(program)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static Path archive() throws IOException {
        return only(Path.of("target").toAbsolutePath(), "millrace-");
    }

    private static Path only(Path parent, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(parent)) {
            List<Path> found = files.filter(
                            file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }
}
