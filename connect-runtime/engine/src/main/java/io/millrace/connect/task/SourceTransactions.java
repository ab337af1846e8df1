package io.millrace.connect.task;

import io.millrace.connect.log.TransactionalAppender;

/**
 * How the sources of a worker deliver (KIP-618).
 *
 * @param enabled whether records and positions are committed together, in transactions
 * @param group names the cluster of workers, and so their transactions
 */
public record SourceTransactions(boolean enabled, String group) {

    /** The id under which the log knows a task. */
    public String idOf(TaskId task) {
        return TransactionalAppender.idOf(group, task.connector(), task.task());
    }
}
