package io.millrace.connect.preview;

import io.millrace.connect.cluster.ConnectorService;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.plugin.LoaderScope;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.PreviewKeys;
import io.millrace.connect.plugin.Secrets;
import io.millrace.connect.task.TaskEnvironment;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs connectors' configs for a moment and tells what they would do. Nothing is stored: no config, position, record,
 * group or topic. What a source does to its own system when it starts is its own affair; bundled ones leave nothing
 * behind ({@link PreviewKeys}).
 *
 * <p>Each preview has a thread of its own. When its time is up the connector is asked to end; it is interrupted when it
 * has not within {@value #GRACE_SECONDS} s, and left alone, with its thread, when it has not in as many more. At most
 * {@value #PREVIEWS_MAX} threads are there at any time, those left alone included.
 *
 * <p><b>Threads.</b> Any.
 */
public final class PreviewService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PreviewService.class);
    private static final int PREVIEWS_MAX = 4;
    private static final long GRACE_SECONDS = 2;

    private final TaskEnvironment environment;
    private final ConnectorService connectors;
    private final Secrets secrets;
    private final Semaphore places = new Semaphore(PREVIEWS_MAX);
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();

    public PreviewService(TaskEnvironment environment, ConnectorService connectors) {
        this.environment = environment;
        this.connectors = connectors;
        this.secrets = environment.settings().secrets();
    }

    /**
     * Runs a preview. Returns within its time, twice the grace, and what the log needs to answer.
     *
     * @throws RequestRefused when the config is not valid, there is nothing to preview, or too many previews run
     */
    public Preview run(PreviewRequest request) {
        if (!places.tryAcquire()) {
            throw new RequestRefused(
                    Reason.CONFLICT,
                    "%d previews are under way, or wait for connectors that do not end: try again later"
                            .formatted(PREVIEWS_MAX));
        }
        Findings findings = new Findings(request.records());
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform()
                .name("preview-" + request.name())
                .daemon(true)
                .unstarted(() -> work(request, findings, done));
        running.add(thread);
        thread.start();
        boolean _ = isDoneWithin(CompletableFuture.anyOf(findings.ended(), done), request.time());
        findings.stop(request.time().toSeconds());
        awaitEnd(thread, findings, done);
        return findings.preview(topics(findings.topics()));
    }

    private void work(PreviewRequest request, Findings findings, CompletableFuture<Void> done) {
        try {
            preview(request, findings);
            done.complete(null);
        } catch (RequestRefused e) {
            done.completeExceptionally(e);
        } catch (Throwable e) {
            // A plugin may throw anything, also errors: none of it may pass without being told.
            findings.fail(e);
            done.complete(null);
        } finally {
            running.remove(Thread.currentThread());
            places.release();
        }
    }

    private void preview(PreviewRequest request, Findings findings) throws InterruptedException {
        Map<String, String> given = connectors.checked(request.name(), request.config());
        PluginDescriptor plugin = environment.plugins().connectorOf(given);
        Map<String, String> resolved = secrets.revealed(request.name(), given);
        Map<String, String> changed = plugin.type() == PluginType.SOURCE ? PreviewKeys.of(plugin) : Map.of();
        Map<String, String> config = new HashMap<>(resolved);
        config.putAll(changed);
        findings.about(plugin.type(), changed, SecretMask.of(given, secrets.masked(given), resolved));
        Trial trial = new Trial(environment, plugin, request.name(), Map.copyOf(config), findings);
        try (LoaderScope _ = LoaderScope.of(plugin.loader())) {
            run(trial);
        }
    }

    private static void run(Trial trial) throws InterruptedException {
        if (trial.plugin().type() == PluginType.SOURCE) {
            try (SourcePreview source = new SourcePreview(trial)) {
                source.run();
            }
        } else {
            try (SinkPreview sink = new SinkPreview(trial)) {
                sink.run();
            }
        }
    }

    private static void awaitEnd(Thread thread, Findings findings, CompletableFuture<Void> done) {
        Duration grace = Duration.ofSeconds(GRACE_SECONDS);
        if (isDoneWithin(done, grace)) {
            return;
        }
        thread.interrupt();
        if (!isDoneWithin(done, grace)) {
            findings.abandon(2 * GRACE_SECONDS);
            LOG.atWarn()
                    .addKeyValue("thread", thread.getName())
                    .log("the connector of a preview did not end in time, it is abandoned");
        }
    }

    /** Throws what kept the preview from being made. */
    private static boolean isDoneWithin(Future<?> future, Duration timeout) {
        try {
            var _ = future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RequestRefused refused) {
                throw refused;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestRefused(Reason.FAILED, "interrupted while a preview was under way");
        }
    }

    private List<Preview.Topic> topics(Set<String> names) {
        Map<String, Integer> counts = environment.log().partitionCounts(names);
        return names.stream()
                .map(name -> new Preview.Topic(name, counts.get(name)))
                .toList();
    }

    /** Interrupts what is under way. */
    @Override
    public void close() {
        running.forEach(Thread::interrupt);
    }
}
