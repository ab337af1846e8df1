package io.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
        assertThat(home.resolve("start.aot")).isNotEmptyFile();
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
