package io.millrace.log.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.record.TransactionMarker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.types.SchemaException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReplicatedShardTest {

    /** The last value of each key. */
    private static final class Register implements ReplicatedState {
        private final Map<String, String> values = new TreeMap<>();
        private final List<Errors> unloaded = new ArrayList<>();
        private final List<Long> offsets = new ArrayList<>();
        private final Map<Long, Map<String, String>> pending = new TreeMap<>();
        private final Deadlines deadlines;

        Register(Deadlines deadlines) {
            this.deadlines = deadlines;
        }

        @Override
        public void replay(long offset, ByteBuffer key, @Nullable ByteBuffer value) {
            offsets.add(offset);
            String name = StandardCharsets.UTF_8.decode(key).toString();
            if (name.startsWith("?")) {
                return;
            }
            if (name.startsWith("!")) {
                throw new SchemaException("no such field");
            }
            if (value == null) {
                values.remove(name);
            } else {
                values.put(name, StandardCharsets.UTF_8.decode(value).toString());
            }
        }

        @Override
        public void replayTransactional(long offset, long producerId, ByteBuffer key, @Nullable ByteBuffer value) {
            offsets.add(offset);
            pending.computeIfAbsent(producerId, _ -> new TreeMap<>())
                    .put(
                            StandardCharsets.UTF_8.decode(key).toString(),
                            StandardCharsets.UTF_8
                                    .decode(Objects.requireNonNull(value))
                                    .toString());
        }

        @Override
        public void replayEnd(long producerId, boolean committed) {
            Map<String, String> ended = pending.remove(producerId);
            if (ended != null && committed) {
                values.putAll(ended);
            }
        }

        @Override
        public List<Decision> loaded(long nowMs) {
            return List.of();
        }

        @Override
        public void unloaded(Errors error) {
            unloaded.add(error);
        }
    }

    private final SimTimers timers = new SimTimers();
    private final SimLog log = new SimLog();
    private final List<Register> states = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private final List<Errors> answers = new ArrayList<>();

    private ReplicatedShard<Register> shard(int loadBytesMax) {
        return new ReplicatedShard<>(
                log,
                new ShardLimits(loadBytesMax, 5_000),
                timers,
                deadlines -> {
                    Register register = new Register(deadlines);
                    states.add(register);
                    return register;
                },
                failures::add);
    }

    private ReplicatedShard<Register> started() {
        ReplicatedShard<Register> shard = shard(1 << 20);
        shard.start();
        return shard;
    }

    private static CoordinatorRecord record(String key, String value) {
        return new CoordinatorRecord(bytes(key), bytes(value));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void put(ReplicatedShard<Register> shard, String key, String value) {
        shard.submit(_ -> Decision.write(List.of(record(key, value)), answers::add), answers::add);
    }

    @Test
    void answersOnlyWhenTheRecordsAreCommitted() {
        ReplicatedShard<Register> shard = started();
        log.commitByHand();
        put(shard, "a", "1");
        assertThat(states.getLast().values).containsEntry("a", "1");
        assertThat(answers).isEmpty();

        log.commit();

        assertThat(answers).containsExactly(Errors.NONE);
    }

    @Test
    void readsWaitForWhatWasWrittenBeforeThem() {
        ReplicatedShard<Register> shard = started();
        log.commitByHand();
        put(shard, "a", "1");
        shard.submit(_ -> Decision.read(_ -> answers.add(Errors.UNKNOWN_SERVER_ERROR)), answers::add);
        assertThat(answers).isEmpty();

        log.commit();

        assertThat(answers).containsExactly(Errors.NONE, Errors.UNKNOWN_SERVER_ERROR);
    }

    @Test
    void refusedAppendChangesNothing() {
        ReplicatedShard<Register> shard = started();
        put(shard, "a", "1");

        log.refuse(Errors.NOT_ENOUGH_REPLICAS);
        put(shard, "a", "2");

        assertThat(answers).containsExactly(Errors.NONE, Errors.COORDINATOR_NOT_AVAILABLE);
        assertThat(states).hasSize(1);
        assertThat(states.getLast().values).containsEntry("a", "1");
    }

    @Test
    void lostAppendTakesTheStateBackToWhatTheLogSays() {
        ReplicatedShard<Register> shard = started();
        put(shard, "a", "1");
        log.commitByHand();
        put(shard, "a", "2");
        put(shard, "b", "2");

        log.loseUncommitted(Errors.KAFKA_STORAGE_ERROR);

        assertThat(answers).containsExactly(Errors.NONE, Errors.NOT_COORDINATOR, Errors.NOT_COORDINATOR);
        assertThat(states.getFirst().unloaded).containsExactly(Errors.NOT_COORDINATOR);
        assertThat(shard.status()).isEqualTo(ReplicatedShard.Status.LOADING);
        timers.advance(1);
        assertThat(shard.status()).isEqualTo(ReplicatedShard.Status.ACTIVE);
        assertThat(states.getLast().values).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void loadsInSlicesAndSaysSoMeanwhile() {
        ReplicatedShard<Register> writer = started();
        for (int i = 0; i < 20; i++) {
            put(writer, "key" + i, "value");
        }
        answers.clear();

        ReplicatedShard<Register> reader = shard(100);
        reader.start();
        put(reader, "x", "1");
        assertThat(answers).containsExactly(Errors.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(states.getLast().values).hasSizeLessThan(20);
        timers.advance(30);

        assertThat(reader.status()).isEqualTo(ReplicatedShard.Status.ACTIVE);
        assertThat(states.getLast().values).hasSize(20).isEqualTo(states.getFirst().values);
        assertThat(log.reads()).isGreaterThan(15);
    }

    @Test
    void decidesNothingBeforeWhatItLoadedIsCommitted() {
        log.commitByHand();
        log.appendForeign(record("a", "1"));

        ReplicatedShard<Register> shard = started();
        assertThat(shard.status()).isEqualTo(ReplicatedShard.Status.LOADING);
        log.commit();

        assertThat(shard.status()).isEqualTo(ReplicatedShard.Status.ACTIVE);
    }

    @Test
    void passesOverRecordsOfALaterVersion() {
        log.appendForeign(record("?", "from the future"));
        log.appendForeign(record("a", "1"));

        ReplicatedShard<Register> shard = started();

        assertThat(shard.status()).isEqualTo(ReplicatedShard.Status.ACTIVE);
        assertThat(states.getLast().values).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void failsOnADamagedRecordRatherThanForgettingIt() {
        log.appendForeign(record("!", "broken"));

        ReplicatedShard<Register> shard = started();
        put(shard, "a", "1");

        assertThat(shard.status()).isEqualTo(ReplicatedShard.Status.FAILED);
        assertThat(failures.getFirst()).contains("offset 0").contains("no such field");
        assertThat(answers).containsExactly(Errors.COORDINATOR_NOT_AVAILABLE);
    }

    @Test
    void failsWhenTheLogCannotBeRead() {
        log.failReads(Errors.KAFKA_STORAGE_ERROR);

        assertThat(started().status()).isEqualTo(ReplicatedShard.Status.FAILED);
    }

    @Test
    void givesUpOnACommitThatTakesTooLong() {
        ReplicatedShard<Register> shard = started();
        log.commitByHand();
        put(shard, "a", "1");

        timers.advance(4999);
        assertThat(answers).isEmpty();
        timers.advance(1);
        assertThat(answers).containsExactly(Errors.COORDINATOR_NOT_AVAILABLE);
        log.commit();

        assertThat(answers).hasSize(1);
        assertThat(states.getLast().values).containsEntry("a", "1");
        assertThat(timers.pending()).isZero();
    }

    @Test
    void tellsEveryoneWhenLeadershipIsGone() {
        ReplicatedShard<Register> shard = started();
        log.commitByHand();
        put(shard, "a", "1");
        states.getLast().deadlines.set("later", timers.now() + 10, _ -> {
            throw new AssertionError("a closed shard has no deadlines");
        });

        shard.close();
        log.loseUncommitted(Errors.NOT_LEADER_OR_FOLLOWER);
        put(shard, "a", "2");
        timers.advance(60_000);

        assertThat(states.getLast().unloaded).containsExactly(Errors.NOT_COORDINATOR);
        assertThat(answers).containsExactly(Errors.NOT_COORDINATOR, Errors.NOT_COORDINATOR);
        assertThat(shard.status()).isEqualTo(ReplicatedShard.Status.CLOSED);
    }

    @Test
    void tellsTheOffsetOfEachRecordAlikeLiveAndWhenLoaded() {
        ReplicatedShard<Register> shard = started();
        put(shard, "a", "1");
        shard.submit(
                _ -> Decision.write(List.of(record("b", "1"), record("c", "1"), record("d", "1")), answers::add),
                answers::add);
        shard.submit(_ -> inTransaction(7, record("e", "1"), record("f", "1")), answers::add);

        Register loaded = loaded();

        assertThat(states.getFirst().offsets).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(loaded.offsets).isEqualTo(states.getFirst().offsets);
    }

    private Decision inTransaction(long producerId, CoordinatorRecord... records) {
        return Decision.writeTransactional(
                new Decision.Producer(producerId, (short) 3), List.of(records), answers::add);
    }

    /** A second shard over the same log, loaded to its end. */
    private Register loaded() {
        started();
        return states.getLast();
    }

    @Test
    void recordsOfATransactionCountWhenItIsCommitted() {
        ReplicatedShard<Register> shard = started();
        shard.submit(_ -> inTransaction(7, record("a", "1")), answers::add);
        shard.submit(_ -> inTransaction(8, record("b", "1")), answers::add);
        shard.submit(_ -> inTransaction(9, record("c", "1")), answers::add);
        assertThat(states.getLast().values).isEmpty();

        log.appendMarker(7, (short) 4, true);
        log.appendMarker(8, (short) 4, false);

        Register loaded = loaded();
        assertThat(answers).containsExactly(Errors.NONE, Errors.NONE, Errors.NONE);
        assertThat(loaded.values).isEqualTo(Map.of("a", "1"));
        assertThat(loaded.pending).isEqualTo(Map.of(9L, Map.of("c", "1")));
    }

    @Test
    void endsATransactionAtOnceAndTellsWhenThatIsCommitted() {
        ReplicatedShard<Register> shard = started();
        shard.submit(_ -> inTransaction(7, record("a", "1")), answers::add);
        log.commitByHand();
        TransactionMarker marker = new TransactionMarker(7, (short) 4, true, 0, 2);
        shard.submit(_ -> Decision.end(marker, answers::add), answers::add);
        assertThat(states.getLast().values).isEqualTo(Map.of("a", "1"));
        assertThat(answers).containsExactly(Errors.NONE);

        log.commit();

        assertThat(answers).containsExactly(Errors.NONE, Errors.NONE);
        assertThat(loaded().values).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void anEndThatIsRefusedChangesNothing() {
        ReplicatedShard<Register> shard = started();
        shard.submit(_ -> inTransaction(7, record("a", "1")), answers::add);
        log.refuse(Errors.INVALID_PRODUCER_EPOCH);

        TransactionMarker marker = new TransactionMarker(7, (short) 4, true, 0, 2);
        shard.submit(_ -> Decision.end(marker, answers::add), answers::add);

        assertThat(answers).containsExactly(Errors.NONE, Errors.INVALID_PRODUCER_EPOCH);
        assertThat(states.getLast().values).isEmpty();
    }

    @Test
    void otherControlRecordsAreLeftAlone() {
        log.appendLeaderChange();
        log.appendForeign(record("a", "1"));

        assertThat(loaded().values).isEqualTo(Map.of("a", "1"));
        assertThat(failures).isEmpty();
    }

    @Test
    void decidesAtADeadlineAndReplacesItUnderTheSameKey() {
        started();
        Deadlines deadlines = states.getLast().deadlines;
        deadlines.set("key", timers.now() + 10, _ -> Decision.write(List.of(record("a", "1"))));
        deadlines.set("key", timers.now() + 20, _ -> Decision.write(List.of(record("a", "2"))));
        timers.advance(15);
        assertThat(states.getLast().values).isEmpty();

        timers.advance(5);

        assertThat(states.getLast().values).isEqualTo(Map.of("a", "2"));
    }
}
