package io.millrace.connect.source;

import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.TransformChain;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Runs the connector's transforms over what the source gave. */
public final class TransformStage {

    private final TransformChain<SourceRecord> transforms;
    private final ErrorTolerance<SourceRecord> errors;

    public TransformStage(TransformChain<SourceRecord> transforms, ErrorTolerance<SourceRecord> errors) {
        this.transforms = transforms;
        this.errors = errors;
    }

    /** Null when a transform dropped the record, or failed and failures are tolerated. */
    public @Nullable SourceRecord apply(Attempt<SourceRecord> attempt) {
        return transforms.apply(attempt.original(), attempt, errors);
    }

    /** Lets go of the plugins. */
    public void close() {
        transforms.close();
    }
}
