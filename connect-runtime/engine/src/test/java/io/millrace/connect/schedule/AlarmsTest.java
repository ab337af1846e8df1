package io.millrace.connect.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.connect.schedule.Alarms.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Quartz, as it is set up here. */
class AlarmsTest {

    private static final String SECONDLY = "* * * * * ?";
    private static final String RARE = "0 0 0 1 1 ?";

    private final Queue<String> rung = new ConcurrentLinkedQueue<>();
    private final Alarms alarms = new Alarms((connector, kind, at, missed) -> rung.add(connector + " " + kind));

    @AfterEach
    void close() {
        alarms.close();
    }

    private void awaitRung(String what) {
        await().atMost(Duration.ofSeconds(60)).until(() -> rung.contains(what));
    }

    private static Schedule schedule(String cron, String pause) {
        return Schedule.of(Map.of("schedule.cron", cron, "schedule.pause.cron", pause, "schedule.resume.cron", RARE))
                .orElseThrow();
    }

    @Test
    void ringsAtEachCronOfEachConnectorUntilItIsSetAnewOrRemoved() {
        alarms.set("one", schedule(SECONDLY, RARE));
        alarms.set("two", schedule(RARE, SECONDLY));
        awaitRung("one " + Kind.RUN);
        awaitRung("two " + Kind.PAUSE);

        alarms.set("one", schedule(RARE, SECONDLY));
        alarms.remove("two");
        rung.clear();
        awaitRung("one " + Kind.PAUSE);
        rung.clear();
        awaitRung("one " + Kind.PAUSE);

        assertThat(rung).containsOnly("one " + Kind.PAUSE);
    }

    @Test
    void aCronThatNeverFiresAgainIsNoAlarm() {
        alarms.set("past", schedule("0 0 0 1 1 ? 2020", SECONDLY));

        awaitRung("past " + Kind.PAUSE);
        assertThat(rung).containsOnly("past " + Kind.PAUSE);
    }
}
