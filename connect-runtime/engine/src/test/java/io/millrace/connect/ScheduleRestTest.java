package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.matchers.GroupMatcher;

/** Connectors that run when their schedule says so, or somebody who cannot wait for it. */
class ScheduleRestTest {

    private static final String RARE = "0 0 0 1 1 ?";
    private static final String SECONDLY = "* * * * * ?";
    private static final Map<String, String> NEVER_DONE = Map.of("schedule.idle.ms", "3600000");

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

    private Map<String, String> scheduled(Map<String, String> config, String cron) {
        Map<String, String> scheduled = new HashMap<>(config);
        scheduled.put("schedule.cron", cron);
        scheduled.put("schedule.idle.ms", "20");
        return scheduled;
    }

    private Map<String, String> numbers(int records, String cron, Map<String, String> further) {
        Map<String, String> config = scheduled(fixture.source("numbers", records), cron);
        config.putAll(further);
        return config;
    }

    private String schedulePath(String name) {
        return "/v1" + fixture.path(name) + "/schedule";
    }

    private JsonNode schedule(String name) {
        return fixture.rest().get(schedulePath(name)).body();
    }

    private RestClient.Answer run(String name) {
        return fixture.rest().post(schedulePath(name) + "/run", Map.of());
    }

    private void awaitSchedule(String name, String pointer, String text) {
        await().untilAsserted(() ->
                assertThat(schedule(name).at(pointer).asText()).as(pointer).isEqualTo(text));
    }

    private void awaitRun(String name, int records) {
        await().untilAsserted(() -> {
            JsonNode last = schedule(name).path("last_run");
            assertThat(last.path("outcome").asText()).isEqualTo("done");
            assertThat(last.path("records").asInt()).isEqualTo(records);
        });
        fixture.awaitConnector(name, "PAUSED");
        fixture.awaitTask(name, "PAUSED");
    }

    private void request(String name) {
        RestClient.Answer answer = run(name);
        assertThat(answer.status()).as(answer.message()).isEqualTo(202);
    }

    @Test
    void aSourceRunsUntilItHasNothingAndTheNextRunGoesOnThere() {
        fixture.create("numbers", numbers(30, RARE, Map.of()));
        fixture.awaitConnector("numbers", "PAUSED");
        assertThat(schedule("numbers").path("state").asText()).isEqualTo("resting");
        assertThat(schedule("numbers").path("last_run").isNull()).isTrue();

        request("numbers");
        awaitRun("numbers", 30);
        assertThat(threads("task-" + fixture.name("numbers"))).isEmpty();
        Map<String, String> more = numbers(50, RARE, Map.of());
        assertThat(fixture.rest().put(fixture.path("numbers") + "/config", more).status())
                .isEqualTo(200);
        fixture.awaitConnector("numbers", "PAUSED");
        request("numbers");
        awaitRun("numbers", 20);

        assertThat(LogReading.records(WhichLog.MILLRACE, fixture.name("numbers")))
                .hasSize(50);
        JsonNode pipeline =
                fixture.rest().get("/v1/pipelines/" + fixture.name("numbers")).body();
        assertThat(pipeline.path("state").asText()).isEqualTo("PAUSED");
        assertThat(pipeline.path("reason").asText()).startsWith("rests until ");
        JsonNode shown = pipeline.path("schedule");
        assertThat(shown).isEqualTo(schedule("numbers"));
        assertThat(shown.path("next_run").asText()).endsWith("-01-01T00:00:00Z");
        assertThat(shown.at("/last_run/cause").asText()).isEqualTo("request");
    }

    private static List<String> threads(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(thread -> thread.startsWith(name))
                .toList();
    }

    @Test
    void aSinkRunsUntilItHasReadToTheEnd() {
        Path file = fixture.file("out");
        fixture.create("numbers", fixture.source("numbers", 40));
        Map<String, String> sink = scheduled(fixture.sink("numbers", file), RARE);
        sink.put("tasks.max", "2");
        fixture.create("file", sink);
        await().until(() -> LogReading.topics(WhichLog.MILLRACE).contains(fixture.name("numbers"))
                && LogReading.records(WhichLog.MILLRACE, fixture.name("numbers"))
                                .size()
                        == 40);
        assertThat(WorkerFixture.lines(file)).isEmpty();

        request("file");
        awaitRun("file", 40);

        assertThat(WorkerFixture.lines(file)).hasSize(40);
    }

    @Test
    void aSourceThatDeliversExactlyOnceIsDoneWhenItsLastTransactionIs() {
        fixture = WorkerFixture.sharedExactlyOnce(WhichLog.MILLRACE, directory);
        fixture.create("numbers", numbers(30, RARE, Map.of("transaction.boundary", "interval")));

        request("numbers");
        awaitRun("numbers", 30);

        assertThat(LogReading.committed(WhichLog.MILLRACE, fixture.name("numbers")))
                .hasSize(30);
    }

    @Test
    void runsWhenItsCronFires() {
        fixture.create("numbers", numbers(10, SECONDLY, Map.of()));

        awaitSchedule("numbers", "/last_run/cause", "cron");
        await().until(() -> LogReading.topics(WhichLog.MILLRACE).contains(fixture.name("numbers")));
    }

    @Test
    void aFireWhileARunIsUnderWayIsRefused() {
        fixture.create("numbers", numbers(10, SECONDLY, NEVER_DONE));
        awaitSchedule("numbers", "/state", "running");
        String started = schedule("numbers").at("/run/started").asText();

        await().until(() -> schedule("numbers").path("refused_fires").asInt() > 0);

        JsonNode shown = schedule("numbers");
        assertThat(shown.at("/last_missed/reason").asText()).contains("under way");
        assertThat(shown.at("/run/started").asText()).isEqualTo(started);
        RestClient.Answer answer = run("numbers");
        assertThat(answer.status()).isEqualTo(409);
        assertThat(answer.message()).contains(fixture.name("numbers")).contains("under way");
    }

    @Test
    void aPersonsPauseWinsOverTheSchedule() {
        Map<String, String> config = numbers(10, SECONDLY, Map.of("schedule.misfire", "run.once"));
        Map<String, Object> paused =
                Map.of("name", fixture.name("numbers"), "config", config, "initial_state", "PAUSED");
        assertThat(fixture.rest().post("/connectors", paused).status()).isEqualTo(201);

        assertThat(schedule("numbers").path("state").asText()).isEqualTo("paused");
        awaitSchedule("numbers", "/last_missed/reason", "the connector was paused or stopped");
        assertThat(run("numbers").status()).isEqualTo(409);
        assertThat(run("numbers").message()).contains("resume it first");
        assertThat(schedule("numbers").path("run").isNull()).isTrue();
        assertThat(schedule("numbers").path("last_run").isNull()).isTrue();
        assertThat(schedule("numbers").path("run_due").asBoolean()).isTrue();

        fixture.rest().put(fixture.path("numbers") + "/resume");
        awaitSchedule("numbers", "/last_run/outcome", "done");
    }

    @Test
    void aStopEndsTheRunAndLetsOffsetsBeSet() {
        fixture.create("numbers", numbers(10, RARE, NEVER_DONE));
        fixture.awaitConnector("numbers", "PAUSED");
        request("numbers");
        fixture.awaitTask("numbers", "RUNNING");

        fixture.rest().put(fixture.path("numbers") + "/stop");

        fixture.awaitConnector("numbers", "STOPPED");
        awaitSchedule("numbers", "/last_run/outcome", "stopped");
        await().until(() ->
                fixture.rest().delete(fixture.path("numbers") + "/offsets").status() == 200);
        fixture.rest().put(fixture.path("numbers") + "/resume");
        fixture.awaitConnector("numbers", "PAUSED");
        assertThat(schedule("numbers").path("state").asText()).isEqualTo("resting");
    }

    @Test
    void pausesBeginAndEndByTheirCrons() {
        Map<String, String> config = fixture.source("numbers", 10);
        config.put("schedule.pause.cron", "0/2 * * * * ?");
        config.put("schedule.resume.cron", "1/2 * * * * ?");
        fixture.create("numbers", config);
        fixture.create("held", config);
        fixture.awaitTask("held", "RUNNING");
        fixture.rest().put(fixture.path("held") + "/pause");

        fixture.awaitTask("numbers", "PAUSED");
        fixture.awaitTask("numbers", "RUNNING");
        fixture.awaitTask("numbers", "PAUSED");

        assertThat(fixture.taskState("held")).as("what a person has paused").isEqualTo("PAUSED");
        assertThat(schedule("held").path("state").asText()).isEqualTo("paused");
        assertThat(run("numbers").message()).contains("runs all the time");
    }

    @Test
    void noRunStartsInAPauseAndADueOneStartsAfterIt() {
        Map<String, String> paused =
                Map.of("schedule.misfire", "run.once", "schedule.pause.cron", SECONDLY, "schedule.resume.cron", RARE);
        fixture.create("numbers", numbers(10, SECONDLY, paused));

        awaitSchedule("numbers", "/last_missed/reason", "the connector was paused by its schedule");
        JsonNode shown = schedule("numbers");
        assertThat(shown.path("state").asText()).isEqualTo("paused_by_schedule");
        assertThat(shown.path("paused_until").asText()).endsWith("-01-01T00:00:00Z");
        assertThat(shown.path("last_run").isNull()).isTrue();
        assertThat(run("numbers").message()).contains("paused by its schedule until");

        Map<String, String> over = numbers(10, SECONDLY, Map.of("schedule.misfire", "run.once"));
        fixture.rest().put(fixture.path("numbers") + "/config", over);
        await().until(() -> schedule("numbers").has("last_run")
                && !schedule("numbers").path("last_run").isNull());
    }

    @Test
    void aRunThatIsUnderWayWaitsInAPause() {
        fixture.create("numbers", numbers(10, RARE, NEVER_DONE));
        request("numbers");
        fixture.awaitTask("numbers", "RUNNING");
        String started = schedule("numbers").at("/run/started").asText();
        Map<String, String> paused = numbers(10, RARE, NEVER_DONE);
        paused.put("schedule.pause.cron", SECONDLY);
        paused.put("schedule.resume.cron", RARE);

        fixture.rest().put(fixture.path("numbers") + "/config", paused);
        awaitSchedule("numbers", "/state", "paused_by_schedule");
        fixture.awaitTask("numbers", "PAUSED");
        fixture.rest().put(fixture.path("numbers") + "/config", numbers(10, RARE, Map.of()));

        awaitRun("numbers", 10);
        assertThat(schedule("numbers").at("/last_run/started").asText()).isEqualTo(started);
    }

    @Test
    void aRunThatHasFailedGivesWayToTheNext() {
        Map<String, String> failing = Map.of(
                "throw.in",
                "poll",
                "throw.what",
                "config",
                "throw.until",
                fixture.file("mended").toString());
        fixture.create("numbers", numbers(10, RARE, failing));
        fixture.awaitConnector("numbers", "PAUSED");
        request("numbers");
        fixture.awaitTask("numbers", "FAILED");
        assertThat(schedule("numbers").at("/run/outcome").asText()).isEqualTo("running");
        fixture.touch(fixture.file("mended"));

        request("numbers");

        awaitRun("numbers", 10);
    }

    @Test
    void aWrongScheduleIsToldAtItsKey() {
        Map<String, String> wrong = numbers(10, "0 2 * * *", Map.of());
        wrong.put("name", "x");
        wrong.put("schedule.timezone", "Europe/Berln");
        wrong.put("schedule.pause.cron", "0 0 22 * * ? 2020");
        wrong.put("schedule.missfire", "skip");

        RestClient.Answer answer = fixture.rest().put("/connector-plugins/CountingSource/config/validate", wrong);

        assertThat(errors(answer, "schedule.cron")).contains("schedule.cron").contains("6 or 7 fields");
        assertThat(errors(answer, "schedule.timezone")).contains("did you mean \"Europe/Berlin\"");
        assertThat(errors(answer, "schedule.pause.cron"))
                .contains("never fires again")
                .contains("set schedule.resume.cron too");
        assertThat(errors(answer, "schedule.missfire")).contains("did you mean \"schedule.misfire\"");
        assertThat(fixture.rest().create(fixture.name("wrong"), wrong).status()).isEqualTo(400);
    }

    private static String errors(RestClient.Answer answer, String key) {
        for (JsonNode config : answer.body().path("configs")) {
            if (config.at("/value/name").asText().equals(key)) {
                return config.at("/value/errors").toString().replace("\\\"", "\"");
            }
        }
        return "nothing of " + key;
    }

    @Test
    void nothingIsLeftOfTheScheduleOfAConnectorThatIsDeletedOrHasNoneAnyMore() {
        fixture.create("numbers", numbers(10, RARE, Map.of()));
        fixture.create("other", numbers(10, RARE, Map.of()));
        await().until(() -> alarms("numbers") == 1 && alarms("other") == 1);

        fixture.rest().delete(fixture.path("numbers"));
        fixture.rest().put(fixture.path("other") + "/config", fixture.source("other", 10));

        await().until(() -> alarms("numbers") == 0 && alarms("other") == 0);
        assertThat(fixture.rest().get(schedulePath("numbers")).status()).isEqualTo(404);
        assertThat(fixture.rest().get(schedulePath("other")).message()).contains("has no schedule");
        fixture.awaitTask("other", "RUNNING");
    }

    private int alarms(String name) {
        int alarms = 0;
        try {
            for (Scheduler scheduler : SchedulerRepository.getInstance().lookupAll()) {
                alarms += scheduler
                        .getJobKeys(GroupMatcher.jobGroupEquals(fixture.name(name)))
                        .size();
            }
        } catch (SchedulerException e) {
            throw new IllegalStateException(e);
        }
        return alarms;
    }
}
