package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.millrace.platform.ConnectorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dockerfile and docker-compose.yml, as far as they can be tried without Docker. Health checks: see ServerIT. */
class ContainerFilesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> INSTRUCTIONS =
            Set.of("FROM", "RUN", "ADD", "USER", "WORKDIR", "VOLUME", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT", "CMD");

    private final JsonNode compose = new ObjectMapper(new YAMLFactory())
            .readTree(ROOT.resolve("docker-compose.yml").toFile());
    private final Map<String, String> dockerfile = dockerfile();

    ContainerFilesTest() throws IOException {}

    /** Each instruction with what follows it; the last one of a kind wins, as it does in Docker. */
    private static Map<String, String> dockerfile() throws IOException {
        String text = Files.readString(ROOT.resolve("Dockerfile")).replace("\\\n", " ");
        Map<String, String> instructions = new TreeMap<>();
        text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(line -> {
            String[] parts = line.split(" ", 2);
            instructions.put(parts[0], parts[1]);
        });
        return instructions;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    @Test
    void dockerfileHasInstructionsThatDockerKnows() {
        assertThat(dockerfile.keySet()).isSubsetOf(INSTRUCTIONS).contains("FROM", "HEALTHCHECK", "ENTRYPOINT");
    }

    @Test
    void imageIsMadeOfTheArchiveAndRunsTheLauncher() throws IOException {
        assertThat(dockerfile.get("ADD")).contains(" distribution/target/millrace-*.tar.gz /opt/");
        assertThat(Files.readString(ROOT.resolve(".dockerignore"))).contains("!distribution/target/millrace-*.tar.gz");
        assertThat(texts(JSON.readTree(dockerfile.get("ENTRYPOINT")))).containsExactly("/opt/millrace/millrace");
        assertThat(Files.isExecutable(ROOT.resolve("millrace"))).isTrue();
    }

    @Test
    void imageStartsAVerbThatThereIs() throws IOException {
        List<String> arguments = texts(JSON.readTree(dockerfile.get("CMD")));

        Millrace.commandLine().parseArgs(arguments.toArray(String[]::new));

        assertThat(arguments).contains("server", dockerfile.get("WORKDIR"));
    }

    @Test
    void composeStartsAVerbWithConnectorsThatThereAre() {
        List<String> arguments = new ArrayList<>(texts(compose.at("/services/millrace/command")));
        arguments.replaceAll(argument -> argument.replace("/etc/millrace", ROOT + "/configs/docker"));

        Millrace.commandLine().parseArgs(arguments.toArray(String[]::new));

        assertThat(ConnectorFile.read(Path.of(arguments.getLast())))
                .extracting(ConnectorFile::name)
                .containsExactly("postgres-cdc", "lake");
    }

    @ParameterizedTest
    @ValueSource(strings = {"millrace", "postgres", "s3"})
    void serviceIsWhole(String name) {
        JsonNode service = compose.at("/services").path(name);

        assertThat(service.has("image")
                        || Files.exists(ROOT.resolve(service.path("build").asText("none"))))
                .isTrue();
        assertThat(service.at("/healthcheck/test").isArray()).isTrue();
        texts(service.path("volumes")).forEach(this::requireVolume);
        service.path("depends_on")
                .fieldNames()
                .forEachRemaining(
                        other -> assertThat(compose.at("/services").has(other)).isTrue());
    }

    private void requireVolume(String volume) {
        String source = volume.substring(0, volume.indexOf(':'));
        boolean there = source.startsWith(".")
                ? Files.exists(ROOT.resolve(source))
                : compose.path("volumes").has(source);
        assertThat(there).as(volume).isTrue();
    }
}
