package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Configs that cannot be meant as they are: 400, with what is wrong, and nothing is made. */
@ParameterizedClass
@EnumSource(WhichLog.class)
class ConfigRefusalTest {

    private final WhichLog log;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    ConfigRefusalTest(WhichLog log) {
        this.log = log;
    }

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(log, directory);
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private String refusal(Map<String, String> config) {
        RestClient.Answer answer = fixture.rest().create(fixture.name("refused"), config);
        assertThat(answer.status()).as(answer.message()).isEqualTo(400);
        assertThat(answer.body().path("error_code").asInt()).isEqualTo(400);
        assertThat(fixture.rest().get(fixture.path("refused")).status())
                .as("nothing is made")
                .isEqualTo(404);
        return answer.message();
    }

    private Map<String, String> sourceWith(String key, String value) {
        Map<String, String> config = fixture.source("numbers", 1);
        config.put(key, value);
        return config;
    }

    @Test
    void namesTheNearestKeyForAnUnknownOne() {
        assertThat(refusal(sourceWith("bach.size", "5")))
                .startsWith("Connector configuration is invalid and contains the following 1 error(s):")
                .contains("\"bach.size\"", "did you mean \"batch.size\"?");
    }

    @Test
    void namesTheNearestKeyOfTheRuntimeToo() {
        assertThat(refusal(sourceWith("task.max", "5"))).contains("did you mean \"tasks.max\"?");
    }

    @Test
    void letsKeysPassBelowThePrefixesThatAreHandedOn() {
        Map<String, String> config = sourceWith("driver.whatever", "x");
        config.put("producer.override.linger.ms", "1");
        config.put("value.converter", "JsonConverter");
        config.put("value.converter.schemas.enable", "false");

        fixture.create("accepted", config);

        assertThat(fixture.rest().get(fixture.path("accepted")).status()).isEqualTo(200);
    }

    @Test
    void namesAMissingKey() {
        Map<String, String> config = fixture.source("numbers", 1);
        config.remove("topic");

        assertThat(refusal(config)).contains("Missing required configuration \"topic\"");
    }

    @Test
    void namesAValueOutOfRange() {
        assertThat(refusal(sourceWith("batch.size", "1001"))).contains("1001", "batch.size", "no more than 1000");
        assertThat(refusal(sourceWith("tasks.max", "0"))).contains("tasks.max", "at least 1");
    }

    @Test
    void namesAValueOfTheWrongType() {
        assertThat(refusal(sourceWith("batch.size", "many"))).contains("many", "batch.size", "Not a number");
    }

    @Test
    void namesEverythingThatIsWrongAtOnce() {
        Map<String, String> config = sourceWith("batch.size", "0");
        config.put("recrods", "7");

        assertThat(refusal(config)).contains("2 error(s)", "batch.size", "did you mean \"records\"?");
    }

    @Test
    void namesAnUnknownConnectorClass() {
        assertThat(refusal(sourceWith("connector.class", "NoSuchConnector")))
                .contains("NoSuchConnector", "io.millrace.connect.testkit.CountingSourceConnector");
    }

    @Test
    void asksForAConnectorClass() {
        Map<String, String> config = fixture.source("numbers", 1);
        config.remove("connector.class");

        assertThat(refusal(config)).contains("no connector type", "connector.class");
    }

    @Test
    void namesATransformThatIsNotThere() {
        Map<String, String> config = sourceWith("transforms", "lost");
        config.put("transforms.lost.type", "NoSuchTransform");

        assertThat(refusal(config)).contains("transforms.lost.type", "NoSuchTransform");
    }

    @Test
    void namesAKeyThatATransformDoesNotKnow() {
        Map<String, String> config = sourceWith("transforms", "mark");
        config.put("transforms.mark.type", "org.apache.kafka.connect.transforms.InsertField$Value");
        config.put("transforms.mark.statik.field", "x");

        assertThat(refusal(config)).contains("did you mean \"transforms.mark.static.field\"?");
    }

    @Test
    void wantsTopicsForASink() {
        Map<String, String> config = fixture.sink("numbers", fixture.file("out"));
        config.remove("topics");
        assertThat(refusal(config)).contains("Must configure one of topics or topics.regex");

        config.put("topics", "a");
        config.put("topics.regex", "b.*");
        assertThat(refusal(config)).contains("mutually exclusive");
    }

    @Test
    void refusesDeadLettersIntoTheTopicThatIsRead() {
        Map<String, String> config = fixture.sink("numbers", fixture.file("out"));
        config.put("errors.deadletterqueue.topic.name", fixture.name("numbers"));

        assertThat(refusal(config)).contains("DLQ topic", fixture.name("numbers"));
    }

    @Test
    void refusesANameThatDiffersFromTheOneInTheConfig() {
        assertThat(refusal(sourceWith("name", "another"))).contains("another", fixture.name("refused"));
    }

    @Test
    void leavesTheStoredConfigWhenAnUpdateIsRefused() {
        fixture.create("numbers", fixture.source("numbers", 3));

        RestClient.Answer answer = fixture.rest().put(fixture.path("numbers") + "/config", sourceWith("records", "-4"));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(fixture.rest().get(fixture.path("numbers") + "/config").text("records"))
                .isEqualTo("3");
    }

    @Test
    void showsAFailureOfTheConnectorsOwnValidation() {
        Map<String, String> config = sourceWith("throw.in", "validate");

        RestClient.Answer answer = fixture.rest().create(fixture.name("refused"), config);

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.message()).contains("the target is down");
        assertThat(fixture.rest().get(fixture.path("refused")).status()).isEqualTo(404);
    }
}
