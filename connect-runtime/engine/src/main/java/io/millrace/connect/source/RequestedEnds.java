package io.millrace.connect.source;

import io.millrace.connect.source.TransactionBoundary.End;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;

/**
 * Keeps what a source asks for about its transactions, until it is done. A source that asks for both ends at once
 * fails: it is told where it cannot swallow it, by the task's own next step.
 *
 * <p><b>Threads.</b> Any: a source may ask from threads of its own.
 */
public final class RequestedEnds implements TransactionContext {

    private final Set<SourceRecord> commits = new HashSet<>();
    private final Set<SourceRecord> aborts = new HashSet<>();
    private boolean commit;
    private boolean abort;

    @Override
    public synchronized void commitTransaction() {
        commit = true;
    }

    @Override
    public synchronized void commitTransaction(SourceRecord record) {
        commits.add(Objects.requireNonNull(record, "the record after which to commit"));
    }

    @Override
    public synchronized void abortTransaction() {
        abort = true;
    }

    @Override
    public synchronized void abortTransaction(SourceRecord record) {
        aborts.add(Objects.requireNonNull(record, "the record after which to abort"));
    }

    /** What was asked for after this record; asked only once. */
    synchronized End takeAfter(SourceRecord record) {
        boolean commitHere = !commits.isEmpty() && commits.remove(record);
        boolean abortHere = !aborts.isEmpty() && aborts.remove(record);
        return end(commitHere, abortHere);
    }

    /** What was asked for after the poll; asked only once. */
    synchronized End take() {
        End end = end(commit, abort);
        commit = false;
        abort = false;
        return end;
    }

    private static End end(boolean commit, boolean abort) {
        if (commit && abort) {
            throw new IllegalStateException("the connector asked to commit and to abort the same transaction");
        }
        if (abort) {
            return End.ABORT;
        }
        return commit ? End.COMMIT : End.NONE;
    }
}
