package io.millrace.connect.log;

/**
 * Learns what became of each record of one batch: for every index exactly one of the two methods is called, in no
 * promised order. Called on a thread of the log client: return quickly, and do not append from here.
 */
public interface AppendListener {

    /** The log has the record, as durably as it promises for {@code acks=all}. */
    void acknowledged(int index, AppendedAt position);

    /** The record is not known to be in the log (it may be, when the answer was lost). */
    void failed(int index, LogFailure failure);
}
