package io.millrace.connect.testkit.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Numbers in a list, and a connector that reads them rightly, or wrongly in one way. */
final class FlawedSource implements SourceSystem {

    private static final int BATCH = 4;
    private static final Map<String, String> PARTITION = Map.of("list", "numbers");

    private final Flaw flaw;
    private final List<Long> numbers = new ArrayList<>();

    /** What upstream may forget: the records that the log has, which is what a queue wants to hear. */
    private int taken;

    /** What the connector gets wrong. */
    enum Flaw {
        /** Nothing, with positions. */
        NONE(ExactlyOnceSupport.SUPPORTED),
        /** Nothing, with a queue upstream that is told of each record. */
        NONE_WITH_QUEUE(ExactlyOnceSupport.UNSUPPORTED),
        /** Tells the queue at a commit that everything polled is safe. */
        FORGETS_AT_COMMIT(ExactlyOnceSupport.UNSUPPORTED),
        /** Tells the queue at a poll that what the last one gave is safe. */
        FORGETS_AT_POLL(ExactlyOnceSupport.UNSUPPORTED),
        /** Says where the batch ends with each of its records. */
        POSITION_OF_THE_BATCH(ExactlyOnceSupport.UNSUPPORTED),
        /** Goes on from a position that it was not given. */
        STARTS_AT_THE_END(ExactlyOnceSupport.UNSUPPORTED),
        /** Says where the pair of numbers begins, and yet declares that nothing comes twice. */
        REPEATS_BUT_DECLARES_ONCE(ExactlyOnceSupport.SUPPORTED),
        /** Says nothing of where it is, and begins anew each time. */
        NO_POSITION_BUT_DECLARES_ONCE(ExactlyOnceSupport.SUPPORTED);

        final ExactlyOnceSupport declared;

        Flaw(ExactlyOnceSupport declared) {
            this.declared = declared;
        }

        boolean hasQueue() {
            return this == NONE_WITH_QUEUE || this == FORGETS_AT_COMMIT || this == FORGETS_AT_POLL;
        }
    }

    FlawedSource(Flaw flaw) {
        this.flaw = flaw;
    }

    @Override
    public SourceConnector connector() {
        return new NumbersConnector(flaw.declared);
    }

    @Override
    public SourceTask task() {
        return new NumbersTask();
    }

    @Override
    public Map<String, String> config() {
        return Map.of("name", "numbers");
    }

    @Override
    public List<Row> produce() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 3 * BATCH - 1; i++) {
            long number = numbers.size();
            numbers.add(number);
            rows.add(new Row("numbers", null, number));
        }
        return rows;
    }

    @Override
    public Row row(SourceRecord record) {
        return new Row(record.topic(), null, record.value());
    }

    @Override
    public void close() {}

    /** Declares what it is told to declare. */
    private static final class NumbersConnector extends SourceConnector {
        private final ExactlyOnceSupport declared;

        private NumbersConnector(ExactlyOnceSupport declared) {
            this.declared = declared;
        }

        @Override
        public void start(Map<String, String> config) {}

        @Override
        public Class<? extends Task> taskClass() {
            return NumbersTask.class;
        }

        @Override
        public List<Map<String, String>> taskConfigs(int maxTasks) {
            return List.of(Map.of());
        }

        @Override
        public void stop() {}

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> config) {
            return declared;
        }

        @Override
        public String version() {
            return "1";
        }
    }

    /** Reads the list of the system that made it. */
    private final class NumbersTask extends SourceTask {

        private int next;
        private int told;

        @Override
        public void start(Map<String, String> config) {
            Map<String, Object> position = context.offsetStorageReader().offset(PARTITION);
            next = position == null ? 0 : Integer.parseInt(String.valueOf(position.get("next")));
            if (flaw.hasQueue()) {
                next = taken;
                told = taken;
            } else if (flaw == Flaw.STARTS_AT_THE_END && position == null) {
                next = numbers.size() / 2;
            }
        }

        @Override
        public List<SourceRecord> poll() {
            if (flaw == Flaw.FORGETS_AT_POLL) {
                taken = next;
            }
            List<SourceRecord> records = new ArrayList<>();
            int end = Math.min(numbers.size(), next + BATCH);
            for (; next < end; next++) {
                records.add(new SourceRecord(
                        flaw.hasQueue() ? null : PARTITION,
                        position(end),
                        "numbers",
                        Schema.INT64_SCHEMA,
                        numbers.get(next)));
            }
            return records;
        }

        private Map<String, Integer> position(int end) {
            return switch (flaw) {
                case POSITION_OF_THE_BATCH -> Map.of("next", end);
                case REPEATS_BUT_DECLARES_ONCE -> Map.of("next", next / 2 * 2);
                case NO_POSITION_BUT_DECLARES_ONCE -> Map.of("next", 0);
                default -> Map.of("next", next + 1);
            };
        }

        @Override
        public void commitRecord(SourceRecord record, RecordMetadata metadata) {
            told++;
            if (flaw == Flaw.NONE_WITH_QUEUE) {
                taken = told;
            }
        }

        @Override
        public void commit() {
            if (flaw == Flaw.FORGETS_AT_COMMIT) {
                taken = next;
            }
        }

        @Override
        public void stop() {}

        @Override
        public String version() {
            return "1";
        }
    }
}
