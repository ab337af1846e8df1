package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends the same requests, in the same order, to a worker of Apache Kafka Connect and to ours, which have the same
 * plugins, and compares status, content type and body of the answers, field by field. What may differ is said with the
 * call, or stands in {@link AllowedDifference}. The document of our interface has every status that is answered.
 */
class RestComparisonTest {

    private static final Path PLUGINS = Path.of("../kafka-peer/target/plugins").toAbsolutePath();
    private static final DescribedAnswers DESCRIBED = new DescribedAnswers();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static ConnectPeer theirs;
    private static Worker worker;
    private static RestClient ours;

    private static final Set<AllowedDifference> SEEN = ConcurrentHashMap.newKeySet();

    @BeforeAll
    static void startWorkers() throws IOException {
        Files.write(directory.resolve("lines"), List.of("one", "two", "three"));
        theirs = ConnectPeer.start(PLUGINS);
        worker = Worker.start(WorkerConfig.of(Map.of(
                WorkerConfig.BOOTSTRAP_SERVERS,
                OwnBroker.sharedBootstrapServers(),
                WorkerConfig.LISTENERS,
                "http://127.0.0.1:0",
                WorkerConfig.PLUGIN_PATH,
                PLUGINS.toString(),
                WorkerConfig.KEY_FILE,
                directory.resolve("secrets.key").toString(),
                WorkerConfig.CONFIG_TOPIC,
                "compared-configs",
                WorkerConfig.OFFSET_TOPIC,
                "compared-offsets",
                WorkerConfig.STATUS_TOPIC,
                "compared-status",
                WorkerConfig.FLUSH_INTERVAL_MS,
                "200")));
        ours = new RestClient(worker.restAddress());
    }

    @AfterAll
    static void stopWorker() {
        worker.close();
    }

    @TestFactory
    Stream<DynamicTest> answersAreThoseOfKafkaConnect() {
        Stream<DynamicTest> calls = RestCalls.all(directory).stream()
                .map(call -> DynamicTest.dynamicTest(call.toString(), () -> compare(call)));
        return Stream.concat(
                calls,
                Stream.of(DynamicTest.dynamicTest(
                        "every allowed difference was seen",
                        () -> assertThat(SEEN).containsExactlyInAnyOrder(AllowedDifference.values()))));
    }

    private static void compare(RestCall call) {
        RestCall.Ours wanted = call.ours();
        // What ours alone is held to theirs need not come to.
        RestClient.Answer their = answer(theirs.rest(), wanted == null ? call : call.atOnce(), call.status());
        RestClient.Answer our = answer(ours, call, wanted == null ? call.status() : wanted.status());
        assertThat(DESCRIBED.answers(call)).contains(Integer.toString(our.status()));
        if (wanted == null) {
            assertThat(differences(call, their, our)).isEmpty();
        } else if (wanted.status() >= 400) {
            assertThat(our.body().path("error_code").asInt()).isEqualTo(wanted.status());
            assertThat(our.message()).isNotBlank();
        }
    }

    private static RestClient.Answer answer(RestClient worker, RestCall call, int status) {
        RestClient.Answer answer =
                await().atMost(PATIENCE).until(() -> call.sendTo(worker), got -> isThere(call, got.body()));
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(status);
        return answer;
    }

    private static boolean isThere(RestCall call, JsonNode body) {
        return call.until().stream()
                .allMatch(until -> body.at(until.pointer()).asText().equals(until.text()));
    }

    private static Map<String, String> differences(RestCall call, RestClient.Answer their, RestClient.Answer our) {
        Map<String, String> found = new TreeMap<>(JsonDifferences.between(their.body(), our.body()));
        for (String header : List.of("content-type", "location", "allow")) {
            String theirValue = theirs.rest().withoutAddress(their.header(header));
            String ourValue = ours.withoutAddress(our.header(header));
            if (!decoded(theirValue).equals(decoded(ourValue))) {
                found.put(header, "Kafka Connect: %s, ours: %s".formatted(theirValue, ourValue));
            }
        }
        found.entrySet().removeIf(each -> isAllowed(call.verb() + " " + call.path() + " " + each));
        return found;
    }

    /** One character may be written in several ways in an address (RFC 3986, 2.4). */
    private static String decoded(String address) {
        return URLDecoder.decode(address.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static boolean isAllowed(String difference) {
        for (AllowedDifference each : AllowedDifference.values()) {
            if (each.covers(difference)) {
                SEEN.add(each);
                return true;
            }
        }
        return false;
    }
}
