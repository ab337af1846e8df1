package io.millrace.connect.testkit.contract;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.data.ConnectSchema;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/**
 * One task of a source, from its start to its end, and the pipeline around it.
 *
 * <p>Each turn's batch is handed to the log's client, and the log stores it and says so while the next one is polled;
 * positions are committed at every second turn. With transactions one spans two turns, and the task hears of its
 * records after it is committed. When nothing more comes what is under way is brought to its end.
 */
final class SourceLife {

    private static final int IN_FLIGHT = 1;
    private static final int TURNS_A_FLUSH = 2;

    private final SourceLog log;
    private final SourceTask task;
    private final KillSwitch<SourceStep> kill;
    private final Deque<Batch> inFlight = new ArrayDeque<>();
    private final List<SourceRecord> acknowledged = new ArrayList<>();
    private final List<SourceRecord> answers = new ArrayList<>();
    private final Map<Map<String, ?>, Map<String, ?>> committable = new HashMap<>();
    private Batch polled = new Batch(List.of());
    private boolean started;
    private boolean polling;
    private boolean flushed;

    /** Whether the log has acknowledged something since positions were written, and since the task was told of that. */
    private boolean news;

    private boolean newsFlushed;
    private int turns;
    private int idlePolls;

    /** What one poll gave: how much of it the log has, and how much of it the log has acknowledged. */
    private static final class Batch {
        private final List<SourceRecord> records;
        private int stored;
        private int answered;

        private Batch(List<SourceRecord> records) {
            this.records = records;
        }
    }

    SourceLife(SourceTask task, SourceLog log, KillSwitch<SourceStep> kill) {
        this.task = task;
        this.log = log;
        this.kill = kill;
    }

    SourceTask task() {
        return task;
    }

    /** How many of the last polls gave nothing. */
    int idlePolls() {
        return idlePolls;
    }

    /** Whether everything that was polled is in the log, committed, and known to the task. */
    boolean isDrained() {
        return inFlight.isEmpty() && acknowledged.isEmpty() && answers.isEmpty() && !news && !newsFlushed;
    }

    /** Takes every step once, or those up to the one that ends this life. */
    void turn(boolean poll) throws InterruptedException {
        polling = poll;
        turns++;
        for (SourceStep step : SourceStep.values()) {
            if (take(step)) {
                kill.passed(step);
            }
        }
    }

    /** Returns whether there was anything to do. */
    private boolean take(SourceStep step) throws InterruptedException {
        return switch (step) {
            case START -> start();
            case TELL_RECORD_PART -> tellRecords(answers.size() / 2);
            case TELL_RECORDS -> tellRecords(answers.size());
            case TELL_COMMIT -> tellCommit();
            case POLL -> poll();
            case CONVERT -> convert();
            case APPEND -> append();
            case STORE_PART -> isStoreDue() && store(inFlight.element(), 2);
            case ACKNOWLEDGE_PART -> isStoreDue() && answer(inFlight.element());
            case WRITE_POSITIONS_PART -> !log.hasTransactions() && isFlushDue() && writePositions();
            case STORE -> isStoreDue() && storeOldest();
            case ACKNOWLEDGE -> acknowledge();
            case WRITE_POSITIONS -> isFlushDue() && writePositions();
            case COMMIT_TRANSACTION -> log.hasTransactions() && isFlushDue() && commitTransaction();
        };
    }

    private boolean start() {
        if (started) {
            return false;
        }
        started = true;
        task.initialize(log.context());
        task.start(log.context().configs());
        return true;
    }

    private boolean tellRecords(int count) throws InterruptedException {
        for (SourceRecord record : answers.subList(0, count)) {
            task.commitRecord(record, new RecordMetadata(null, 0, 0, 0, -1, -1));
        }
        answers.subList(0, count).clear();
        return count > 0;
    }

    private boolean tellCommit() throws InterruptedException {
        if (!flushed) {
            return false;
        }
        boolean worthwhile = newsFlushed;
        flushed = false;
        newsFlushed = false;
        task.commit();
        return worthwhile;
    }

    private boolean poll() throws InterruptedException {
        if (!polling) {
            return false;
        }
        polled = new Batch(taskPoll());
        idlePolls = polled.records.isEmpty() ? idlePolls + 1 : 0;
        return !polled.records.isEmpty();
    }

    private List<SourceRecord> taskPoll() throws InterruptedException {
        try {
            List<SourceRecord> records = task.poll();
            return records == null ? List.of() : List.copyOf(records);
        } catch (RetriableException e) {
            return List.of(); // a runtime polls again
        }
    }

    private boolean convert() {
        for (SourceRecord record : polled.records) {
            requireValid(record.keySchema(), record.key());
            requireValid(record.valueSchema(), record.value());
        }
        return !polled.records.isEmpty();
    }

    private static void requireValid(@Nullable Schema schema, @Nullable Object value) {
        if (schema != null) {
            ConnectSchema.validateValue(schema, value);
        }
    }

    private boolean append() {
        if (polled.records.isEmpty()) {
            return false;
        }
        inFlight.add(polled);
        polled = new Batch(List.of());
        return true;
    }

    private boolean isQuiet() {
        return !polling || idlePolls > 0;
    }

    private boolean isFlushDue() {
        return turns % TURNS_A_FLUSH == 0 || isQuiet();
    }

    private boolean isStoreDue() {
        boolean due = log.hasTransactions() ? isFlushDue() : inFlight.size() > IN_FLIGHT || isQuiet();
        return due && !inFlight.isEmpty();
    }

    /** The log stores what is left of a batch, or one part of so many. */
    private boolean store(Batch batch, int parts) {
        int upTo = batch.stored + (batch.records.size() - batch.stored) / parts;
        log.append(batch.records.subList(batch.stored, upTo));
        boolean stored = upTo > batch.stored;
        batch.stored = upTo;
        return stored;
    }

    private boolean storeOldest() {
        boolean stored = store(inFlight.element(), 1);
        if (log.hasTransactions()) {
            inFlight.forEach(batch -> store(batch, 1));
        }
        return stored;
    }

    private boolean acknowledge() {
        boolean answered = false;
        while (!inFlight.isEmpty()
                && inFlight.element().stored == inFlight.element().records.size()) {
            answered |= answer(inFlight.remove());
        }
        return answered;
    }

    /** The log's answer to what it has of a batch. */
    private boolean answer(Batch batch) {
        if (batch.answered == batch.stored) {
            return false;
        }
        List<SourceRecord> answered = batch.records.subList(batch.answered, batch.stored);
        (log.hasTransactions() ? acknowledged : answers).addAll(answered);
        settle(answered);
        batch.answered = batch.stored;
        news = true;
        return true;
    }

    /** These records are in the log, and all before them: their positions are safe, also amid a batch. */
    private void settle(List<SourceRecord> records) {
        for (SourceRecord record : records) {
            if (record.sourcePartition() != null && record.sourceOffset() != null) {
                committable.put(record.sourcePartition(), record.sourceOffset());
            }
        }
    }

    /** Writes positions; a source is told of that also when there were none. */
    private boolean writePositions() {
        log.write(committable);
        committable.clear();
        boolean worthwhile = news;
        news = false;
        newsFlushed |= worthwhile;
        flushed |= !log.hasTransactions();
        return worthwhile;
    }

    private boolean commitTransaction() {
        if (!log.commit()) {
            return false;
        }
        answers.addAll(acknowledged);
        acknowledged.clear();
        flushed = true;
        return true;
    }

    /**
     * Ends the task in good order: the log stores what its client has, what is safe is committed, and the task is told.
     * With transactions a batch that did not come that far breaks off the one that is open.
     */
    void stop() throws InterruptedException {
        if (log.hasTransactions() && !polled.records.isEmpty()) {
            log.abort();
        } else {
            finish();
        }
        task.stop();
    }

    private void finish() throws InterruptedException {
        for (Batch batch = inFlight.poll(); batch != null; batch = inFlight.poll()) {
            store(batch, 1);
            answer(batch);
        }
        writePositions();
        commitTransaction();
        tellRecords(answers.size());
        tellCommit();
    }
}
