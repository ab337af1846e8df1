package io.millrace.connect.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;

/**
 * A task of {@link BoundarySourceConnector}. Its records have the text {@code TASK-NUMBER} as value.
 *
 * <p>With {@code hold.file} the first task that comes to {@code hold.at} makes the file {@code hold.file}.held and
 * waits in its poll, deaf to interrupts, until {@code hold.file}.released is there. All others pass.
 */
public class BoundarySourceTask extends SourceTask {

    private static final long HOLD_NANOS = 5_000_000;

    private AbstractConfig config = new AbstractConfig(BoundarySourceConnector.CONFIG, Map.of("topic", "unset"), false);
    private Map<String, String> partition = Map.of();
    private long next;

    @Override
    public void start(Map<String, String> props) {
        config = new AbstractConfig(BoundarySourceConnector.CONFIG, props, false);
        partition = Map.of("task", String.valueOf(config.getInt(BoundarySourceConnector.TASK)));
        Map<String, Object> position = context.offsetStorageReader().offset(partition);
        next = position == null ? 0 : Long.parseLong(String.valueOf(position.get("next")));
        note("start at " + next + (context.transactionContext() == null ? "" : ", defines transactions"));
    }

    @Override
    public @Nullable List<SourceRecord> poll() {
        long end = Math.min(config.getInt("records"), next + config.getInt("batch.size"));
        if (next >= end) {
            return null;
        }
        if (next <= config.getInt("hold.at") && config.getInt("hold.at") < end) {
            hold(
                    Path.of(config.getString("hold.file") + ".held"),
                    Path.of(config.getString("hold.file") + ".released"));
        }
        List<SourceRecord> records = new ArrayList<>();
        for (; next < end; next++) {
            SourceRecord record = record(next);
            records.add(record);
            ask(record, next);
        }
        askAfterPoll();
        return records;
    }

    private SourceRecord record(long number) {
        String value = config.getInt(BoundarySourceConnector.TASK) + "-" + number;
        return new SourceRecord(
                partition, Map.of("next", number + 1), config.getString("topic"), Schema.STRING_SCHEMA, value);
    }

    private void ask(SourceRecord record, long number) {
        TransactionContext transactions = context.transactionContext();
        if (transactions == null) {
            return;
        }
        int every = config.getInt("commit.every");
        if (number == config.getInt("abort.at")) {
            transactions.abortTransaction(record);
        } else if (every > 0 && (number + 1) % every == 0) {
            transactions.commitTransaction(record);
        }
    }

    private void askAfterPoll() {
        TransactionContext transactions = context.transactionContext();
        String what = config.getString("after.poll");
        if (transactions != null && (what.equals("commit") || what.equals("both"))) {
            transactions.commitTransaction();
        }
        if (transactions != null && (what.equals("abort") || what.equals("both"))) {
            transactions.abortTransaction();
        }
    }

    private static void hold(Path held, Path released) {
        try {
            Files.createFile(held);
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (!Files.exists(released)) {
            LockSupport.parkNanos(HOLD_NANOS);
        }
    }

    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        note("record " + record.value() + (metadata == null ? " is not there" : " at " + metadata.offset()));
        if (String.valueOf(record.value()).endsWith("-" + config.getInt("throw.after"))) {
            throw new ConnectException("this one was not to be committed");
        }
    }

    @Override
    public void commit() {
        note("commit");
    }

    private void note(String call) {
        String file = config.getString("calls.file");
        if (!file.isEmpty()) {
            try {
                Files.write(
                        Path.of(file),
                        (call + "\n").getBytes(UTF_8),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void stop() {}

    @Override
    public String version() {
        return "1.2.3";
    }
}
