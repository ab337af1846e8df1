package io.millrace.connect.task;

import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.ReaderSpec;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.log.TopicSelection;
import io.millrace.connect.log.TopicSpec;
import io.millrace.connect.offset.SinkPositions;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorPolicy;
import io.millrace.connect.record.ErrorReporter;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.LogReporter;
import io.millrace.connect.record.TransformChain;
import io.millrace.connect.sink.CommitStage;
import io.millrace.connect.sink.DeadLetters;
import io.millrace.connect.sink.DecodeStage;
import io.millrace.connect.sink.ErrantRecords;
import io.millrace.connect.sink.PutStage;
import io.millrace.connect.sink.ReplayTopic;
import io.millrace.connect.sink.SinkContext;
import io.millrace.connect.sink.SinkPipeline;
import io.millrace.connect.sink.SinkReader;
import io.millrace.connect.sink.TaskConsumer;
import io.millrace.connect.sink.TransformStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/** Puts the pipeline of a sink task together. */
final class SinkAssembly {

    private final PipelineFactory.Ingredients with;

    SinkAssembly(PipelineFactory.Ingredients with) {
        this.with = with;
    }

    SinkPipeline pipeline() {
        TaskSpec spec = with.spec();
        SinkTask task = with.newTask(SinkTask.class);
        Converters converters = with.parts().converters();
        TransformChain<SinkRecord> transforms = with.parts().transforms();
        DeadLetters deadLetters = deadLetters();
        ErrorTolerance<StoredRecord> errors = errors(deadLetters);
        ErrantRecords errant = errantRecords(deadLetters, errors, converters, task.getClass());
        SinkReader reader = new SinkReader(with.environment().log(), readerSpec());
        SinkPositions positions = new SinkPositions();
        SinkContext context = new SinkContext(spec.taskConfig(), reader, with.metrics(), errant);
        Plugins plugins = with.environment().plugins();
        PutStage.Shown shown = new PutStage.Shown(
                plugins.sinkContext(spec.plugin(), context, TaskConsumer.of(reader, positions)),
                plugins.sinkRecords(spec.plugin()));
        SinkPipeline.Stages stages = new SinkPipeline.Stages(
                reader,
                new DecodeStage(converters, errors, ReplayTopic.of(spec.id().connector())),
                new TransformStage(transforms, errors),
                new PutStage(task, context, shown, with.progress()),
                commit(task, reader, positions, deadLetters));
        return new SinkPipeline(
                stages,
                new SinkPipeline.Surroundings(
                        context, spec.flow(), deadLetters, errant, spec.host()::usesTopic, with.patience()));
    }

    private CommitStage commit(
            SinkTask task, SinkReader reader, SinkPositions positions, @Nullable DeadLetters deadLetters) {
        CommitStage.Schedule schedule = new CommitStage.Schedule(
                with.environment().settings().pace().commitIntervalMs(), System::currentTimeMillis);
        CommitStage.Told told = new CommitStage.Told(with.spec().flow(), with.progress());
        return new CommitStage(task, reader, positions, told, schedule, deadLetters);
    }

    private ReaderSpec readerSpec() {
        TaskId id = with.spec().id();
        Map<String, String> overrides = with.settings().overrides(ConnectorKeys.CONSUMER_PREFIX);
        String group = SinkGroups.of(id.connector(), with.spec().connectorConfig());
        return new ReaderSpec(group, "connector-consumer-" + id, topics(), overrides);
    }

    /** The connector's own topics, and letters that are to be handled once more where there ever were any. */
    private TopicSelection topics() {
        TopicSelection own = SinkGroups.topics(with.spec().connectorConfig());
        if (with.settings().text(ConnectorKeys.DEAD_LETTER_TOPIC).isBlank()) {
            return own;
        }
        String replays = ReplayTopic.of(with.spec().id().connector()).name();
        boolean any =
                !with.environment().log().partitionCounts(List.of(replays)).isEmpty();
        return any ? own.and(replays) : own;
    }

    private @Nullable DeadLetters deadLetters() {
        String topic = with.settings().text(ConnectorKeys.DEAD_LETTER_TOPIC).strip();
        if (topic.isEmpty()) {
            return null;
        }
        LogClient log = with.environment().log();
        long copies = Math.min(with.settings().number(ConnectorKeys.DEAD_LETTER_REPLICATION), log.nodeCount());
        log.ensureTopic(new TopicSpec(topic, 1, (short) copies, Map.of()));
        TaskId id = with.spec().id();
        DeadLetters.Address address = new DeadLetters.Address(
                topic, with.settings().flag(ConnectorKeys.DEAD_LETTER_HEADERS), id.connector(), id.task());
        return new DeadLetters(
                log.openAppender(
                        "connector-dlq-producer-" + id, with.settings().overrides(ConnectorKeys.PRODUCER_PREFIX)),
                address,
                with.environment().settings().secrets()::shown);
    }

    private ErrorTolerance<StoredRecord> errors(@Nullable DeadLetters deadLetters) {
        ErrorPolicy policy = with.parts().errorPolicy();
        List<ErrorReporter<StoredRecord>> reporters = new ArrayList<>();
        if (policy.log()) {
            reporters.add(new LogReporter<>(with.spec().id().toString(), policy.logPosition()));
        }
        if (deadLetters != null) {
            reporters.add(deadLetters);
        }
        return new ErrorTolerance<>(policy, reporters, with.patience());
    }

    private @Nullable ErrantRecords errantRecords(
            @Nullable DeadLetters deadLetters,
            ErrorTolerance<StoredRecord> errors,
            Converters converters,
            Class<?> task) {
        boolean wanted = deadLetters != null || with.settings().flag(ConnectorKeys.LOG_ENABLE);
        return wanted ? new ErrantRecords(errors, converters, task) : null;
    }
}
