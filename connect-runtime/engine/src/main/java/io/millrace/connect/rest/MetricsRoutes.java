package io.millrace.connect.rest;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.PipelineView;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Supplier;

/** What flows, and how the process is, in Prometheus' text format 0.0.4. */
final class MetricsRoutes {

    private final Supplier<Services> services;

    /** What Prometheus' client brings. Made when somebody asks: a start shall not wait for it. */
    private static final class Client {
        private static final PrometheusTextFormatWriter FORMAT = PrometheusTextFormatWriter.create();
        private static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

        static {
            JvmMetrics.builder().register(REGISTRY);
        }
    }

    MetricsRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/metrics", this::all);
    }

    private void all(ServerRequest request, ServerResponse response) {
        List<PipelineView> views = services.get().pipelines().all();
        MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
        PipelineMetrics.of(views).forEach(snapshots::metricSnapshot);
        Client.REGISTRY.scrape().forEach(snapshots::metricSnapshot);
        response.status(Status.OK_200)
                .header(HeaderNames.CONTENT_TYPE, Client.FORMAT.getContentType())
                .send(text(snapshots.build()));
    }

    private static byte[] text(MetricSnapshots snapshots) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            Client.FORMAT.write(text, snapshots);
        } catch (IOException e) {
            throw new UncheckedIOException("metrics cannot be written into memory", e);
        }
        return text.toByteArray();
    }
}
