package io.millrace.connect.rest;

import io.millrace.connect.cluster.PipelineView;
import io.millrace.connect.task.Condition;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Connectors as flows of records, as metrics. Each carries the labels {@code connector} and {@code type}; what a
 * connector cannot tell is left out for it. Counters begin anew when the connector is started again.
 */
final class PipelineMetrics {

    private static final String PREFIX = "millrace_connector_";

    private PipelineMetrics() {}

    static List<MetricSnapshot> of(List<PipelineView> views) {
        return List.of(
                counter(
                        views,
                        "records_in",
                        "Records that came from the external system, or from the log.",
                        view -> view.flow().recordsIn()),
                counter(
                        views,
                        "records_out",
                        "Records that the log acknowledged, or the sink took.",
                        view -> view.flow().recordsOut()),
                counter(
                        views,
                        "log_bytes",
                        "Bytes of keys and values that a source put into the log, or a sink read from it.",
                        view -> view.flow().logBytes()),
                gauge(
                        views,
                        "lag_records",
                        "Records in the log that the sink has not committed.",
                        PipelineMetrics::lagRecords),
                gauge(
                        views,
                        "lag_seconds",
                        "Age of the newest record in the target, 0 when none waits.",
                        PipelineMetrics::lagSeconds),
                freshness(views),
                tasks(views));
    }

    private static Labels labels(PipelineView view) {
        return Labels.of(
                "connector", view.status().name(), "type", view.status().type());
    }

    private static MetricSnapshot counter(
            List<PipelineView> views, String name, String help, ToLongFunction<PipelineView> count) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(PREFIX + name).help(help);
        views.forEach(view -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .labels(labels(view))
                .value((double) count.applyAsLong(view))
                .build()));
        return counter.build();
    }

    private static MetricSnapshot gauge(
            List<PipelineView> views, String name, String help, Function<PipelineView, @Nullable Double> read) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(PREFIX + name).help(help);
        for (PipelineView view : views) {
            Double value = read.apply(view);
            if (value != null) {
                gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(view))
                        .value(value)
                        .build());
            }
        }
        return gauge.build();
    }

    private static @Nullable Double lagRecords(PipelineView view) {
        PipelineView.Lag lag = view.lag();
        return lag == null ? null : (double) lag.records();
    }

    private static @Nullable Double lagSeconds(PipelineView view) {
        PipelineView.Lag lag = view.lag();
        return lag == null ? null : lag.seconds();
    }

    private static MetricSnapshot freshness(List<PipelineView> views) {
        SummarySnapshot.Builder freshness = SummarySnapshot.builder()
                .name(PREFIX + "freshness_seconds")
                .help("From a record's timestamp until it can be seen in the target, over the last half minute.");
        for (PipelineView view : views) {
            Long half = view.flow().freshnessP50Ms();
            Long most = view.flow().freshnessP99Ms();
            if (half != null && most != null) {
                freshness.dataPoint(SummaryDataPointSnapshot.builder()
                        .labels(labels(view))
                        .quantiles(Quantiles.of(new Quantile(0.5, half / 1000.0), new Quantile(0.99, most / 1000.0)))
                        .build());
            }
        }
        return freshness.build();
    }

    /** All states, also those that no task is in: an alert on what has no value does not fire. */
    private static MetricSnapshot tasks(List<PipelineView> views) {
        GaugeSnapshot.Builder tasks =
                GaugeSnapshot.builder().name(PREFIX + "tasks").help("How many tasks are in a state.");
        for (PipelineView view : views) {
            for (Condition.State state : Condition.State.values()) {
                long count = view.conditions().tasks().stream()
                        .filter(task -> task.state() == state)
                        .count();
                tasks.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(view).add("state", state.name()))
                        .value((double) count)
                        .build());
            }
        }
        return tasks.build();
    }
}
