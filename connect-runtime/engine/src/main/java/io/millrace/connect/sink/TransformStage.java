package io.millrace.connect.sink;

import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.TransformChain;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/** Runs the connector's transforms over what was read. */
public final class TransformStage {

    private final TransformChain<SinkRecord> transforms;
    private final ErrorTolerance<StoredRecord> errors;

    public TransformStage(TransformChain<SinkRecord> transforms, ErrorTolerance<StoredRecord> errors) {
        this.transforms = transforms;
        this.errors = errors;
    }

    /** Null when a transform dropped the record, or failed and failures are tolerated. */
    public @Nullable SinkRecord apply(SinkRecord record, Attempt<StoredRecord> attempt) {
        return transforms.apply(record, attempt, errors);
    }

    /** Lets go of the plugins. */
    public void close() {
        transforms.close();
    }
}
