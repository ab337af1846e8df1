package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a config may want of transactions, and what is said where that cannot be. The log has no say in it. */
class ExactlyOnceConfigTest {

    private static final String SUPPORT = "exactly.once.support";
    private static final String BOUNDARY = "transaction.boundary";

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.sharedExactlyOnce(WhichLog.MILLRACE, directory);
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private List<String> errors(String key, Map<String, String> config) {
        RestClient.Answer answer = fixture.rest().put("/connector-plugins/BoundarySource/config/validate", config);
        assertThat(answer.status()).as(answer.message()).isEqualTo(200);
        List<String> errors = new ArrayList<>();
        for (JsonNode each : answer.body().path("configs")) {
            if (each.path("value").path("name").asText().equals(key)) {
                each.path("value").path("errors").forEach(error -> errors.add(error.asText()));
            }
        }
        assertThat(answer.body().path("error_count").asInt()).isEqualTo(errors.size());
        return errors;
    }

    private Map<String, String> config(String... further) {
        Map<String, String> config = fixture.boundarySource("numbers", 1);
        config.put("name", fixture.name("numbers"));
        for (int i = 0; i < further.length; i += 2) {
            config.put(further[i], further[i + 1]);
        }
        return config;
    }

    @ParameterizedTest
    @CsvSource({
        "no, does not support exactly-once semantics",
        "nothing, does not say whether it can",
        "throw, An unexpected error occurred during validation: not today"
    })
    void whatIsRequiredMustBeSupported(String supports, String message) {
        assertThat(errors(SUPPORT, config(SUPPORT, "required", "supports", supports)))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(errors(SUPPORT, config(SUPPORT, "requested", "supports", supports)))
                .isEmpty();
        assertThat(errors(SUPPORT, config(SUPPORT, "REQUIRED", "supports", "yes")))
                .isEmpty();
    }

    @Test
    void aWorkerThatDoesNotDeliverExactlyOnceRefusesWhereItIsRequired() {
        fixture = WorkerFixture.shared(WhichLog.MILLRACE, directory);

        assertThat(errors(SUPPORT, config(SUPPORT, "required", "supports", "yes")))
                .containsExactly("This worker does not have exactly-once source support enabled.");
        RestClient.Answer refused = fixture.rest().create(fixture.name("numbers"), config(SUPPORT, "required"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.message()).contains("This worker does not have exactly-once source support enabled.");
    }

    @ParameterizedTest
    @CsvSource({
        "no, does not support connector-defined transaction boundaries",
        "nothing, says nothing from canDefineTransactionBoundaries",
        "throw, An unexpected error occurred during validation: not today"
    })
    void onlyAConnectorThatCanDefinesItsTransactions(String defines, String message) {
        assertThat(errors(BOUNDARY, config(BOUNDARY, "connector", "defines", defines)))
                .singleElement()
                .asString()
                .contains(message);
        assertThat(errors(BOUNDARY, config(BOUNDARY, "poll", "defines", defines)))
                .isEmpty();
        assertThat(errors(BOUNDARY, config(BOUNDARY, "Connector", "defines", "yes")))
                .isEmpty();
    }

    @Test
    void valuesAreNamedThatTheKeysTake() {
        assertThat(errors(SUPPORT, config(SUPPORT, "perhaps")))
                .singleElement()
                .asString()
                .contains("REQUESTED", "REQUIRED");
        assertThat(errors(BOUNDARY, config(BOUNDARY, "never")))
                .singleElement()
                .asString()
                .contains("POLL", "INTERVAL", "CONNECTOR");
        assertThat(errors("transaction.boundary.interval.ms", config("transaction.boundary.interval.ms", "-1")))
                .hasSize(1);
        Map<String, String> worker = fixture.config();
        worker.put(WorkerConfig.EXACTLY_ONCE_SOURCES, "maybe");
        assertThatThrownBy(() -> WorkerConfig.of(worker))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("exactly.once.source.support");
    }
}
