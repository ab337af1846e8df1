package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus reads of a worker, and what the dashboard and the documents make of it. */
class MetricsTest {

    private static final Path DOCS = Path.of("..", "..", "docs");
    private static final Pattern NAME = Pattern.compile("\\b(?:millrace|jvm|process)_[a-z_]+\\b");
    private static final int RECORDS = 300;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(WhichLog.MILLRACE, directory);
    }

    @AfterEach
    void closeWorker() {
        fixture.close();
    }

    @Test
    void whatFlowsIsCountedAndASinkThatHasItAllHasNoLag() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", RECORDS));
        fixture.create("file", fixture.sink("numbers", file));
        fixture.awaitLines(file, RECORDS);

        await().untilAsserted(() -> {
            Map<String, Double> sink = metricsOf("file", "sink");
            assertThat(sink)
                    .containsEntry("millrace_connector_records_in_total", (double) RECORDS)
                    .containsEntry("millrace_connector_records_out_total", (double) RECORDS)
                    .containsEntry("millrace_connector_lag_records", 0.0)
                    .containsEntry("millrace_connector_lag_seconds", 0.0)
                    .containsKeys(
                            "millrace_connector_freshness_seconds,quantile=\"0.5\"",
                            "millrace_connector_freshness_seconds,quantile=\"0.99\"")
                    .containsEntry("millrace_connector_tasks,state=\"RUNNING\"", 1.0)
                    .containsEntry("millrace_connector_tasks,state=\"FAILED\"", 0.0);
            Map<String, Double> source = metricsOf("numbers", "source");
            assertThat(source)
                    .containsEntry("millrace_connector_records_out_total", (double) RECORDS)
                    .doesNotContainKey("millrace_connector_lag_records");
            // What the source put into the log is what the sink read from it, to the byte.
            assertThat(source.get("millrace_connector_log_bytes_total"))
                    .isPositive()
                    .isEqualTo(sink.get("millrace_connector_log_bytes_total"));
        });
    }

    @Test
    void aSinkThatStandsStillFallsBehind() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", RECORDS));
        fixture.create("file", fixture.sink("numbers", file));
        fixture.awaitLines(file, RECORDS);
        fixture.rest().put(fixture.path("file") + "/pause");
        fixture.awaitTask("file", "PAUSED");
        fixture.create("more", fixture.source("numbers", RECORDS));

        await().untilAsserted(() -> assertThat(metricsOf("file", "sink"))
                .containsEntry("millrace_connector_lag_records", (double) RECORDS)
                .hasEntrySatisfying(
                        "millrace_connector_lag_seconds", age -> assertThat(age).isPositive()));
    }

    @Test
    void theDashboardAndTheDocumentsNameOnlyWhatIsServed() throws IOException {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 1));
        fixture.create("file", fixture.sink("numbers", file));
        JsonNode dashboard = new ObjectMapper()
                .readTree(DOCS.resolve("grafana").resolve("millrace.json").toFile());
        Set<String> named = names(Files.readString(DOCS.resolve("metrics.md")));
        dashboard.findValues("expr").forEach(expression -> named.addAll(names(expression.asText())));

        assertThat(dashboard.path("panels").size()).isPositive();
        assertThat(named).isNotEmpty();
        await().untilAsserted(() -> assertThat(served()).containsAll(named));
    }

    private Set<String> served() {
        return text().lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]", 2)[0])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(String text) {
        Set<String> names = new TreeSet<>();
        NAME.matcher(text).results().forEach(found -> names.add(found.group()));
        names.removeIf(name -> name.endsWith("_"));
        return names;
    }

    /** The values of a connector, by name and further labels. */
    private Map<String, Double> metricsOf(String connector, String type) {
        String labels = "{connector=\"" + fixture.name(connector) + "\"";
        String own = ",type=\"" + type + "\"";
        Map<String, Double> values = new HashMap<>();
        text().lines().filter(line -> line.contains(labels)).forEach(line -> {
            int end = line.lastIndexOf('}');
            String name = line.substring(0, end).replace(labels, "").replace(own, "");
            values.put(name, Double.valueOf(line.substring(end + 1).strip()));
        });
        return values;
    }

    private String text() {
        InetSocketAddress address = fixture.worker().restAddress();
        URI metrics = URI.create("http://%s:%d/metrics".formatted(address.getHostString(), address.getPort()));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
