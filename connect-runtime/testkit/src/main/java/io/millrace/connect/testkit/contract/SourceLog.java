package io.millrace.connect.testkit.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What outlives every task of a source: the records of the log, and the positions. With transactions both become
 * visible together, and what was under way when a task ends never does.
 */
final class SourceLog {

    private final boolean transactions;
    private final SimSourceContext context;
    private final List<SourceRecord> records = new ArrayList<>();
    private final List<SourceRecord> openRecords = new ArrayList<>();
    private final Map<Map<String, ?>, Map<String, ?>> openPositions = new HashMap<>();

    SourceLog(Map<String, String> config, boolean transactions) {
        this.context = new SimSourceContext(config);
        this.transactions = transactions;
    }

    boolean hasTransactions() {
        return transactions;
    }

    SimSourceContext context() {
        return context;
    }

    List<SourceRecord> records() {
        return records;
    }

    void append(List<SourceRecord> more) {
        (transactions ? openRecords : records).addAll(more);
    }

    void write(Map<Map<String, ?>, Map<String, ?>> positions) {
        if (transactions) {
            openPositions.putAll(positions);
        } else {
            positions.forEach(context::store);
        }
    }

    /** Makes what is under way visible. Returns false when nothing is. */
    boolean commit() {
        if (openRecords.isEmpty() && openPositions.isEmpty()) {
            return false;
        }
        records.addAll(openRecords);
        openPositions.forEach(context::store);
        abort();
        return true;
    }

    /** Forgets what is under way. */
    void abort() {
        openRecords.clear();
        openPositions.clear();
    }
}
