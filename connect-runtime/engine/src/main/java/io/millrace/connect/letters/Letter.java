package io.millrace.connect.letters;

import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.sink.LetterHeaders;

/**
 * A dead letter.
 *
 * @param record as it stands in the dead letter topic
 * @param told what its headers tell
 * @param state what has been done about it
 */
public record Letter(StoredRecord record, LetterHeaders told, State state) {

    /** What has been done about a letter. */
    public enum State {
        /** Nothing. */
        OPEN,
        /** It is on its way to the sink once more. */
        REPLAYING,
        /** The sink's tasks are through with it: it is stored, or there is a new letter of the same record. */
        REPLAYED
    }

    /** Milliseconds since the epoch; -1: none. */
    public long timestampMs() {
        return record.timestampMs();
    }

    /** How many bytes its key and value are together. */
    public long size() {
        return record.payload().size();
    }

    public LetterId id() {
        return new LetterId(record.partition().partition(), record.offset());
    }
}
