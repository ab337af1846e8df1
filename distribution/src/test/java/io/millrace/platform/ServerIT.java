package io.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code millrace server} and the verbs that talk to it, as processes. */
class ServerIT {

    /** What the demo puts in the place of names. */
    private static final Map<String, String> DEMO_VALUES = Map.of(
            "${rows}", "1",
            "${rows.per.second}", "1",
            "${postgres.url}", "jdbc:postgresql://127.0.0.1:5432/shop",
            "${postgres.port}", "5432",
            "${postgres.host}", "127.0.0.1",
            "${s3.url}", "http://127.0.0.1:9000");

    /** The port and path of a health check that needs no more than a shell. */
    private static final Pattern HEALTH_CHECK = Pattern.compile("/dev/tcp/127.0.0.1/([0-9]+) .*?GET ([^ ]+) HTTP");

    @TempDir
    private Path directory;

    @Test
    void carriesRecordsFromOneVerbToAnotherAndKeepsThem() throws Exception {
        try (Program server = server()) {
            String kafka = server.await("kafka +([0-9.:]+)");
            run("topic", "create", "greetings", "--partitions", "2", "--bootstrap", kafka);
            Path lines = Files.writeString(directory.resolve("lines.txt"), "hello\nworld\n");
            Process produce = new ProcessBuilder(
                            Path.of("target/millrace/millrace").toAbsolutePath().toString(),
                            "produce",
                            "greetings",
                            "--bootstrap",
                            kafka)
                    .redirectInput(lines.toFile())
                    .start();
            assertThat(produce.waitFor()).isZero();
            server.terminate();
            server.exitCode();
        }
        try (Program server = server()) {
            String kafka = server.await("kafka +([0-9.:]+)");
            String read = run("consume", "greetings", "--from-beginning", "--max", "2", "--bootstrap", kafka);
            assertThat(read).contains("hello").contains("world");
            assertThat(run("topic", "list", "--bootstrap", kafka)).contains("greetings");
        }
    }

    @ParameterizedTest
    @CsvSource({"--kafka-listen,--rest-listen", "--rest-listen,--kafka-listen"})
    void saysThatAPortIsTakenInOneSentence(String listen, String other) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Program server = Program.start(
                        directory, "server", listen, "127.0.0.1:" + taken.getLocalPort(), other, "127.0.0.1:0")) {
            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.output())
                    .contains(Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\tat ");
            assertThat(server.output().lines()).hasSize(1);
        }
    }

    @Test
    void saysThatADataDirectoryIsTakenInOneSentence() throws Exception {
        try (Program first = server()) {
            first.await("kafka +([0-9.:]+)");
            try (Program second = server()) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.output()).contains("millrace-data").doesNotContain("\tat ");
                assertThat(second.output().lines()).hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Dockerfile", "docker-compose.yml"})
    void answersWhatTheContainersHealthCheckAsks(String file) throws Exception {
        Matcher asked = HEALTH_CHECK.matcher(Files.readString(Path.of("..", file)));
        assertThat(asked.find()).isTrue();
        assertThat(asked.group(1)).isEqualTo("8083");
        try (Program server = server();
                HttpClient http = HttpClient.newHttpClient()) {
            URI url = URI.create(server.await("rest +(http://[0-9.:]+)") + asked.group(2));
            assertThat(http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void acceptsEveryExampleConfig() throws Exception {
        try (Program server = server()) {
            String url = server.await("rest +(http://[0-9.:]+)");
            List<Path> files = examples();
            assertThat(files).isNotEmpty();
            for (Path file : files) {
                for (ConnectorFile connector : ConnectorFile.read(file)) {
                    assertValid(url, file, connector);
                }
            }
        }
    }

    private static void assertValid(String url, Path file, ConnectorFile connector) throws InterruptedException {
        var config = new TreeMap<>(connector.config());
        config.put("name", connector.name());
        config.replaceAll((key, value) -> DEMO_VALUES.getOrDefault(value, value));
        JsonNode answer;
        try (RestApi rest = new RestApi(url)) {
            answer = rest.put("/connector-plugins/" + config.get("connector.class") + "/config/validate", config);
        }
        List<String> errors = new ArrayList<>();
        for (var key : answer.path("configs")) {
            key.path("value").path("errors").forEach(error -> errors.add(error.asText()));
        }
        assertThat(errors).as(file + ", " + connector.name()).isEmpty();
        assertThat(answer.path("error_count").asInt(-1)).isZero();
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("../configs"))) {
            return new ArrayList<>(files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList());
        }
    }

    private Program server() throws IOException {
        return Program.start(directory, "server", "--kafka-listen", "127.0.0.1:0", "--rest-listen", "127.0.0.1:0");
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        try (Program verb = Program.start(directory, arguments)) {
            assertThat(verb.exitCode()).as(verb.output()).isZero();
            return verb.output();
        }
    }
}
