package io.millrace.connect.preview;

import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.ErrorPolicy;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.Quietly;
import io.millrace.connect.source.ConvertStage;
import io.millrace.connect.source.RequestedEnds;
import io.millrace.connect.source.SourceContext;
import io.millrace.connect.source.TransformStage;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceConnectorContext;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * Runs a source with one task from its beginning: start, poll, transform, convert, stop. The source is never told that
 * anything was stored ({@code commit}, {@code commitRecord}), and no offset is.
 */
final class SourcePreview implements AutoCloseable {

    private static final long IDLE_MS = 20;
    private static final long RETRY_MS = 500;

    private final Trial trial;
    private final Findings findings;
    private final Metrics metrics = new Metrics();
    private final PluginMetrics pluginMetrics;
    private final RecordView view = new RecordView();

    SourcePreview(Trial trial) {
        this.trial = trial;
        this.findings = trial.findings();
        this.pluginMetrics = new PluginMetricsImpl(metrics, new LinkedHashMap<>(Map.of("connector", trial.name())));
    }

    /** What the connector sees of the runtime. */
    private final class Context implements SourceConnectorContext {

        @Override
        public void requestTaskReconfiguration() {
            // The one task that is previewed stays as it is.
        }

        @Override
        public void raiseError(Exception error) {
            findings.fail(error);
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new NoPositions();
        }

        @Override
        public PluginMetrics pluginMetrics() {
            return pluginMetrics;
        }
    }

    /** Runs until enough is found. */
    void run() throws InterruptedException {
        Connector connector = trial.environment().plugins().newInstance(trial.plugin(), Connector.class);
        Map<String, String> config = new HashMap<>(trial.config());
        config.put(ConnectorKeys.TASKS_MAX, "1");
        findings.enter("start() of the connector");
        connector.initialize(new Context());
        try {
            connector.start(config);
            findings.enter("taskConfigs()");
            List<Map<String, String>> tasks = connector.taskConfigs(1);
            if (tasks == null || tasks.isEmpty()) {
                throw new ConnectException("the connector makes no task: it found nothing to read");
            }
            runTask(connector, Map.copyOf(tasks.getFirst()));
        } catch (RuntimeException | Error e) {
            // Told here, while it is known in which call.
            findings.fail(e);
        } finally {
            findings.enter("stop() of the connector");
            Quietly.run("stop the connector", connector::stop);
        }
    }

    private void runTask(Connector connector, Map<String, String> config) throws InterruptedException {
        Plugins plugins = trial.environment().plugins();
        SourceTask task = plugins.newInstance(
                connector.taskClass().getName(), trial.plugin().loader(), SourceTask.class);
        TransformStage transform = new TransformStage(trial.parts().transforms(), errors());
        ConvertStage convert = new ConvertStage(trial.parts().converters(), errors());
        task.initialize(new SourceContext(config, new NoPositions(), transactions(), pluginMetrics));
        try {
            findings.enter("start() of the task");
            task.start(new HashMap<>(config));
            findings.startMoving("poll()");
            while (findings.wantsMore()) {
                show(poll(task), transform, convert);
            }
        } catch (RuntimeException | Error e) {
            findings.fail(e);
        } finally {
            findings.enter("stop() of the task");
            Quietly.run("stop the source", task::stop);
            Quietly.run("close the transforms", transform::close);
            Quietly.run("close the converters", convert::close);
        }
    }

    /** A source that ends its transactions itself may ask for it here too: nothing comes of it. */
    private @Nullable TransactionContext transactions() {
        boolean defined = trial.environment().settings().transactions().enabled()
                && ConnectorKeys.endsTransactions(trial.config());
        return defined ? new RequestedEnds() : null;
    }

    private ErrorTolerance<SourceRecord> errors() {
        ErrorPolicy policy = trial.parts().errorPolicy();
        return new ErrorTolerance<>(
                policy,
                List.of((attempt, failure) -> findings.failed(from(attempt.original()), failure, policy.tolerant())),
                findings::pause);
    }

    private List<SourceRecord> poll(SourceTask task) throws InterruptedException {
        findings.enter("poll()");
        try {
            List<SourceRecord> records = task.poll();
            if (records != null && !records.isEmpty()) {
                return records;
            }
            boolean _ = findings.pause(IDLE_MS);
        } catch (RetriableException e) {
            findings.retried(e);
            boolean _ = findings.pause(RETRY_MS);
        }
        return List.of();
    }

    private void show(List<SourceRecord> records, TransformStage transform, ConvertStage convert) {
        findings.enter("transforms and converters");
        for (SourceRecord record : records) {
            if (!findings.wantsMore()) {
                return;
            }
            Attempt<SourceRecord> attempt = new Attempt<>(
                    record, () -> "source position " + record.sourceOffset() + " of " + record.sourcePartition());
            SourceRecord transformed = transform.apply(attempt);
            OutgoingRecord written = transformed == null ? null : convert.apply(transformed, attempt);
            if (transformed != null && written != null) {
                findings.uses(topicOf(transformed));
                findings.delivered(
                        from(record),
                        view.written(transformed, written),
                        view.schemas(),
                        written.payload().size());
            } else if (!attempt.failed()) {
                findings.dropped(from(record));
            }
        }
    }

    private static String topicOf(SourceRecord record) {
        if (record.topic() == null) {
            throw new ConnectException("the source gives a record without a topic");
        }
        return record.topic();
    }

    private Map<String, Object> from(SourceRecord record) {
        Map<String, Object> from = new LinkedHashMap<>();
        from.put("partition", view.position(record.sourcePartition()));
        from.put("offset", view.position(record.sourceOffset()));
        return from;
    }

    @Override
    public void close() {
        view.close();
        metrics.close();
    }
}
