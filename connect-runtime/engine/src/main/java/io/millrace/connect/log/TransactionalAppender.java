package io.millrace.connect.log;

/**
 * Appends in transactions: a reader that reads committed records sees all records of a transaction or none. What is
 * appended after the last {@link #commit()} or {@link #abort()} makes up the transaction that is open.
 *
 * <p><b>Life cycle.</b> {@link #takeOver()} once, before anything else. Closing aborts what is open, if the log answers
 * within the time; else the log does, when the transaction has timed out or the id is taken over.
 *
 * <p><b>Threads.</b> One thread appends, commits and aborts; {@link #close} may come from another.
 *
 * <p><b>Errors.</b> {@link LogFailure}; with {@link LogFailure.Category#STOP_TASK} where another appender has taken the
 * id over, or the log has given the transaction up. After any of them only closing is left to do.
 */
public interface TransactionalAppender extends LogAppender {

    /**
     * Makes the id of this appender its own: no earlier appender with that id can write any more, and what they left
     * open is aborted when this returns.
     */
    void takeOver();

    /** Returns when everything that was appended since the last end is in the log, and readers see it. */
    void commit();

    /** Returns when no reader will ever see what was appended since the last end. */
    void abort();

    /**
     * The id under which a task writes (KIP-618), the same for every generation of it.
     *
     * @param group the cluster of workers
     */
    static String idOf(String group, String connector, int task) {
        return group + "-" + connector + "-" + task;
    }
}
