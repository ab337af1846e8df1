package io.millrace.connect.preview;

import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.OffsetRange;
import io.millrace.connect.log.PartitionReader;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.ErrorPolicy;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.Quietly;
import io.millrace.connect.sink.DecodeStage;
import io.millrace.connect.sink.ReplayTopic;
import io.millrace.connect.sink.TransformStage;
import io.millrace.connect.task.SinkGroups;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * Reads a sink's topics from their beginning, as a member of no group: decode, transform. Neither the sink's connector
 * nor its task is started, so the target hears nothing of it.
 */
final class SinkPreview implements AutoCloseable {

    private static final Duration TURN = Duration.ofMillis(200);

    private final Trial trial;
    private final Findings findings;
    private final RecordView view = new RecordView();

    SinkPreview(Trial trial) {
        this.trial = trial;
        this.findings = trial.findings();
    }

    /** Runs until enough is found, or all that stands in the topics now is read. */
    void run() {
        findings.enter("the look-up of the topics");
        LogClient log = trial.environment().log();
        Map<TopicPartition, OffsetRange> ranges = log.offsetRanges(partitions(log));
        Map<TopicPartition, Long> begins = new HashMap<>();
        ranges.forEach((partition, range) -> begins.put(partition, range.begin()));
        DecodeStage decode = new DecodeStage(trial.parts().converters(), errors(), ReplayTopic.of(trial.name()));
        TransformStage transform = new TransformStage(trial.parts().transforms(), errors());
        Map<String, String> overrides = trial.settings().overrides(ConnectorKeys.CONSUMER_PREFIX);
        try (PartitionReader reader = log.openPartitions("preview-" + trial.name(), begins, overrides)) {
            findings.startMoving("the read");
            while (findings.wantsMore()) {
                show(reader.poll(TURN), decode, transform);
                if (isAtEnd(reader, ranges)) {
                    findings.end(Preview.Ended.END);
                }
            }
        } finally {
            Quietly.run("close the transforms", transform::close);
            Quietly.run("close the converters", decode::close);
        }
    }

    private List<TopicPartition> partitions(LogClient log) {
        List<String> topics = SinkGroups.topicNames(log, trial.config());
        topics.forEach(findings::uses);
        List<TopicPartition> partitions = SinkGroups.partitions(log, topics);
        if (partitions.isEmpty()) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "There is nothing to preview: no topic that connector %s reads exists".formatted(trial.name()));
        }
        return partitions;
    }

    private ErrorTolerance<StoredRecord> errors() {
        ErrorPolicy policy = trial.parts().errorPolicy();
        return new ErrorTolerance<>(
                policy,
                List.of((attempt, failure) -> findings.failed(from(attempt.original()), failure, policy.tolerant())),
                findings::pause);
    }

    private void show(List<StoredRecord> records, DecodeStage decode, TransformStage transform) {
        for (StoredRecord stored : records) {
            if (!findings.wantsMore()) {
                return;
            }
            Attempt<StoredRecord> attempt = new Attempt<>(stored, () -> stored.partition() + "@" + stored.offset());
            SinkRecord decoded = decode.apply(attempt);
            SinkRecord given = decoded == null ? null : transform.apply(decoded, attempt);
            if (given != null) {
                findings.delivered(
                        from(stored),
                        view.given(given),
                        view.schemas(),
                        stored.payload().size());
            } else if (!attempt.failed()) {
                findings.dropped(from(stored));
            }
        }
    }

    private static Map<String, Object> from(StoredRecord record) {
        Map<String, Object> from = new LinkedHashMap<>();
        from.put("topic", record.partition().topic());
        from.put("partition", record.partition().partition());
        from.put("offset", record.offset());
        return from;
    }

    private static boolean isAtEnd(PartitionReader reader, Map<TopicPartition, OffsetRange> ranges) {
        return ranges.entrySet().stream()
                .allMatch(range ->
                        reader.position(range.getKey()) >= range.getValue().end());
    }

    @Override
    public void close() {
        view.close();
    }
}
