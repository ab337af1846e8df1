package io.millrace.connect.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/**
 * Lives of a source's tasks, one after another, each from the positions that were committed before; with input that
 * comes while a task runs, and while there is none. The last two come to their own end.
 */
final class SourceRun {

    private static final int ROUNDS_MAX = 5;

    private final SourceSystem system;
    private final List<Kill<SourceStep>> kills;
    private final SourceLog log;
    private final List<Row> expected = new ArrayList<>();
    private final List<SourceTask> dead = new ArrayList<>();
    private final List<SourceTask> abandoned = new ArrayList<>();

    /**
     * @param kills where the first lives end
     * @param transactions whether records and positions become visible together, as exactly-once asks for
     */
    SourceRun(SourceSystem system, List<Kill<SourceStep>> kills, boolean transactions) {
        this.system = system;
        this.kills = kills;
        Map<String, String> config = Tasks.config(system.connector(), system.config());
        this.log = new SourceLog(config, transactions);
    }

    /** Lives all lives, and checks what the log has in the end. */
    void run() throws InterruptedException {
        try {
            expected.addAll(system.produce());
            for (Kill<SourceStep> kill : kills) {
                live(kill);
                expected.addAll(system.produce());
            }
            live(null);
            live(null);
            balance().check(kills.toString(), log.hasTransactions());
            Balance.checkLast(kills.toString(), balance());
        } finally {
            dead.forEach(SourceTask::stop);
        }
    }

    private void live(@Nullable Kill<SourceStep> kill) throws InterruptedException {
        SourceLife life = new SourceLife(system.task(), log, new KillSwitch<>(kill));
        try {
            work(life, kill == null ? 1 : ROUNDS_MAX);
        } catch (KillSwitch.Reached reached) {
            end(life, Objects.requireNonNull(kill).ending());
            return;
        }
        if (kill != null) {
            throw new AssertionError(kill + " was not reached: give more input, in batches of more than one row");
        }
        life.stop();
    }

    private void work(SourceLife life, int rounds) throws InterruptedException {
        int produced = 0;
        boolean more = true;
        while (more) {
            boolean missing = !balance().lost().isEmpty();
            life.turn(missing || log.hasTransactions());
            stopAbandoned();
            boolean through = !missing && life.isDrained() && (life.idlePolls() > 0 || !log.hasTransactions());
            if (through && produced++ < rounds) {
                List<Row> rows = system.produce();
                expected.addAll(rows);
                more = !rows.isEmpty();
            } else {
                more = !through && life.idlePolls() < system.idlePolls();
            }
        }
    }

    private void end(SourceLife life, Ending ending) throws InterruptedException {
        switch (ending) {
            case DEATH -> {
                log.abort();
                system.died(life.task());
                dead.add(life.task());
            }
            case STOP -> life.stop();
            case ABANDONMENT -> {
                log.abort();
                abandoned.add(life.task());
            }
        }
    }

    /** Those that were given up come to their end, with their successor at work. */
    private void stopAbandoned() {
        abandoned.forEach(SourceTask::stop);
        abandoned.clear();
    }

    private Balance<Row> balance() {
        List<Row> found = new ArrayList<>();
        for (SourceRecord record : log.records()) {
            Row row = system.row(record);
            if (row != null) {
                found.add(row);
            }
        }
        return new Balance<>(List.copyOf(expected), found);
    }
}
