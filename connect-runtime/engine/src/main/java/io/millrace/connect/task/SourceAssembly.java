package io.millrace.connect.task;

import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.TransactionalAppender;
import io.millrace.connect.offset.ConnectorPositions;
import io.millrace.connect.offset.PositionLedger;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.record.ErrorPolicy;
import io.millrace.connect.record.ErrorReporter;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.LogReporter;
import io.millrace.connect.source.AcknowledgedDelivery;
import io.millrace.connect.source.AppendStage;
import io.millrace.connect.source.CommitStage;
import io.millrace.connect.source.ConvertStage;
import io.millrace.connect.source.Delivery;
import io.millrace.connect.source.PollStage;
import io.millrace.connect.source.RequestedEnds;
import io.millrace.connect.source.SourceContext;
import io.millrace.connect.source.SourcePipeline;
import io.millrace.connect.source.TopicMaker;
import io.millrace.connect.source.TopicRules;
import io.millrace.connect.source.TransactionBoundary;
import io.millrace.connect.source.TransactionStage;
import io.millrace.connect.source.TransactionalDelivery;
import io.millrace.connect.source.TransformStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** Puts the pipeline of a source task together. */
final class SourceAssembly {

    private final PipelineFactory.Ingredients with;

    SourceAssembly(PipelineFactory.Ingredients with) {
        this.with = with;
    }

    SourcePipeline pipeline() {
        TaskSpec spec = with.spec();
        ErrorTolerance<SourceRecord> errors = errors();
        SourceTask task = with.newTask(SourceTask.class);
        RequestedEnds requests = definesTransactions() ? new RequestedEnds() : null;
        SourceContext context = new SourceContext(spec.taskConfig(), positions().reader(), requests, with.metrics());
        return new SourcePipeline(
                new PollStage(task, context, with.progress(), with.patience()),
                new TransformStage(with.parts().transforms(), errors),
                new ConvertStage(with.parts().converters(), errors),
                transactions().enabled() ? inTransactions(task, boundary(requests)) : acknowledged(task, errors),
                spec.flow());
    }

    private SourceTransactions transactions() {
        return with.environment().settings().transactions();
    }

    private boolean definesTransactions() {
        return transactions().enabled()
                && ConnectorKeys.endsTransactions(with.spec().connectorConfig());
    }

    private String boundaryName() {
        return with.settings().text(ConnectorKeys.TRANSACTION_BOUNDARY).strip().toLowerCase(Locale.ROOT);
    }

    private TransactionBoundary boundary(@Nullable RequestedEnds requests) {
        if (requests != null) {
            return new TransactionBoundary.Requested(requests);
        }
        long flushMs = with.environment().settings().pace().commitIntervalMs();
        return boundaryName().equals("interval")
                ? new TransactionBoundary.Interval(
                        with.settings().number(ConnectorKeys.TRANSACTION_INTERVAL, flushMs),
                        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()))
                : new TransactionBoundary.EachPoll();
    }

    /** At least once. */
    private Delivery acknowledged(SourceTask task, ErrorTolerance<SourceRecord> errors) {
        TaskSpec spec = with.spec();
        LogAppender appender = with.environment().log().openAppender(clientId(), overrides());
        return new AcknowledgedDelivery(
                task,
                append(appender, AppendStage.Arrivals.counted(spec.flow())),
                new CommitStage(spec.id().connector(), new PositionLedger(), positions()),
                errors,
                this::startTicks);
    }

    /** Exactly once. */
    private Delivery inTransactions(SourceTask task, TransactionBoundary boundary) {
        TaskId id = with.spec().id();
        String transactionalId = transactions().idOf(id);
        TransactionalAppender appender =
                with.environment().log().openTransactionalAppender(transactionalId, clientId(), overrides());
        TransactionalDelivery.VisibleFlow flow =
                new TransactionalDelivery.VisibleFlow(with.spec().flow());
        TransactionStage stage = new TransactionStage(
                new TransactionStage.TaskName(id.connector(), id.task(), transactionalId),
                appender,
                positions(),
                with.spec().host()::fenceOlder);
        return new TransactionalDelivery(task, append(appender, flow), stage, boundary, flow);
    }

    private ConnectorPositions positions() {
        return with.environment()
                .offsets()
                .of(
                        with.spec().id().connector(),
                        ConnectorKeys.offsetsTopic(with.spec().connectorConfig()));
    }

    private String clientId() {
        return "connector-producer-" + with.spec().id();
    }

    private Map<String, String> overrides() {
        return with.settings().overrides(ConnectorKeys.PRODUCER_PREFIX);
    }

    private ErrorTolerance<SourceRecord> errors() {
        ErrorPolicy policy = with.parts().errorPolicy();
        List<ErrorReporter<SourceRecord>> reporters = new ArrayList<>();
        if (policy.log()) {
            reporters.add(new LogReporter<>(with.spec().id().toString(), policy.logPosition()));
        }
        return new ErrorTolerance<>(policy, reporters, with.patience());
    }

    private AppendStage append(LogAppender appender, AppendStage.Arrivals arrivals) {
        TopicRules rules = new TopicRules(with.settings().topicGroups().stream()
                .map(SourceAssembly::group)
                .toList());
        TopicMaker topics =
                new TopicMaker(with.environment().log(), rules, with.spec().host()::usesTopic);
        return new AppendStage(appender, topics, arrivals);
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

    private AcknowledgedDelivery.FlushTimer.Ticks startTicks(Runnable flush) {
        long intervalMs = with.environment().settings().pace().commitIntervalMs();
        ScheduledFuture<?> ticks =
                with.environment().timer().scheduleWithFixedDelay(flush, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        return () -> ticks.cancel(false);
    }
}
