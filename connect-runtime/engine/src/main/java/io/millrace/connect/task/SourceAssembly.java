package io.millrace.connect.task;

import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.offset.OffsetStore;
import io.millrace.connect.offset.PositionLedger;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.record.ErrorPolicy;
import io.millrace.connect.record.ErrorReporter;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.LogReporter;
import io.millrace.connect.source.AppendStage;
import io.millrace.connect.source.CommitStage;
import io.millrace.connect.source.ConvertStage;
import io.millrace.connect.source.PollStage;
import io.millrace.connect.source.SourceContext;
import io.millrace.connect.source.SourcePipeline;
import io.millrace.connect.source.TopicMaker;
import io.millrace.connect.source.TopicRules;
import io.millrace.connect.source.TransformStage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Puts the pipeline of a source task together. */
final class SourceAssembly {

    private final PipelineFactory.Ingredients with;

    SourceAssembly(PipelineFactory.Ingredients with) {
        this.with = with;
    }

    SourcePipeline pipeline() {
        TaskSpec spec = with.spec();
        ErrorTolerance<SourceRecord> errors = errors();
        OffsetStore offsets = with.environment().offsets();
        String connector = spec.id().connector();
        SourceContext context = new SourceContext(spec.taskConfig(), offsets.reader(connector), with.metrics());
        SourcePipeline.Stages stages = new SourcePipeline.Stages(
                new PollStage(with.newTask(SourceTask.class), context, with.patience()),
                new TransformStage(with.parts().transforms(), errors),
                new ConvertStage(with.parts().converters(), errors),
                append(),
                new CommitStage(connector, new PositionLedger(), offsets));
        return new SourcePipeline(stages, new SourcePipeline.Surroundings(errors, spec.flow(), this::startTicks));
    }

    private ErrorTolerance<SourceRecord> errors() {
        ErrorPolicy policy = with.parts().errorPolicy();
        List<ErrorReporter<SourceRecord>> reporters = new ArrayList<>();
        if (policy.log()) {
            reporters.add(new LogReporter<>(with.spec().id().toString(), policy.logPosition()));
        }
        return new ErrorTolerance<>(policy, reporters, with.patience());
    }

    private AppendStage append() {
        LogClient log = with.environment().log();
        LogAppender appender = log.openAppender(
                "connector-producer-" + with.spec().id(), with.settings().overrides(ConnectorKeys.PRODUCER_PREFIX));
        TopicRules rules = new TopicRules(with.settings().topicGroups().stream()
                .map(SourceAssembly::group)
                .toList());
        TopicMaker topics = new TopicMaker(log, rules, with.spec().onTopic());
        return new AppendStage(appender, topics, with.spec().flow());
    }

    private static TopicRules.Group group(ConnectorSettings.TopicGroup group) {
        return new TopicRules.Group(
                patterns(group.include()),
                patterns(group.exclude()),
                group.partitions(),
                group.replicationFactor(),
                group.configs());
    }

    private static List<Pattern> patterns(List<String> expressions) {
        return expressions.stream().map(Pattern::compile).toList();
    }

    private SourcePipeline.FlushTimer.Ticks startTicks(Runnable flush) {
        long intervalMs = with.environment().settings().commitIntervalMs();
        ScheduledFuture<?> ticks =
                with.environment().timer().scheduleWithFixedDelay(flush, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        return () -> ticks.cancel(false);
    }
}
