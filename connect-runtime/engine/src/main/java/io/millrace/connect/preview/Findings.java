package io.millrace.connect.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.preview.Preview.Ended;
import io.millrace.connect.preview.Preview.Outcome;
import io.millrace.connect.record.Causes;
import io.millrace.connect.record.RecordFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a preview has found so far, and whether it wants more.
 *
 * <p><b>Threads.</b> Any: the preview's thread adds, the request's thread ends it and reads it, also when the former is
 * stuck in a connector.
 */
final class Findings {

    private static final long BYTES_MAX = 4L * 1024 * 1024;

    private final int wanted;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Preview.Item> items = new ArrayList<>();
    private final Set<String> topics = new TreeSet<>();
    private List<JsonNode> schemas = List.of();
    private UnaryOperator<String> masking = UnaryOperator.identity();
    private Map<String, String> changed = Map.of();
    private PluginType type = PluginType.SOURCE;
    private String during = "validate()";
    private boolean moving;
    private long bytes;
    private @Nullable Ended end;
    private Preview.@Nullable Failure failure;
    private Preview.@Nullable Failure trouble;

    /** @param wanted how many records */
    Findings(int wanted) {
        this.wanted = wanted;
    }

    /** Tells what is previewed. */
    synchronized void about(PluginType type, Map<String, String> changed, UnaryOperator<String> masking) {
        this.type = type;
        this.changed = Map.copyOf(changed);
        this.masking = masking;
    }

    /** The preview's thread is about to make this call. */
    synchronized void enter(String call) {
        during = call;
    }

    /** The connector was started: from here on that the time is up is no failure. */
    synchronized void startMoving(String call) {
        enter(call);
        moving = true;
    }

    /** Whether more records are wanted. */
    synchronized boolean wantsMore() {
        return end == null && stopped.getCount() > 0;
    }

    /** Waits so long, but not beyond the end of the preview. Returns false when it has ended. */
    boolean pause(long milliseconds) {
        try {
            return !stopped.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The connector writes to this topic, or reads it. */
    synchronized void uses(String topic) {
        topics.add(topic);
    }

    /** What the connector writes to, or reads. */
    synchronized Set<String> topics() {
        return new TreeSet<>(topics);
    }

    /**
     * A record that would be delivered.
     *
     * @param known every schema so far
     * @param size its bytes in the log
     */
    synchronized void delivered(Map<String, Object> from, Preview.Delivered record, List<JsonNode> known, long size) {
        schemas = known;
        bytes += size;
        add(new Preview.Item(from, Outcome.DELIVERED, record, null));
        endIfEnough();
    }

    synchronized void dropped(Map<String, Object> from) {
        add(new Preview.Item(from, Outcome.DROPPED, null, null));
        endIfEnough();
    }

    /**
     * A record that cannot be handled.
     *
     * @param tolerated false: the connector fails for it, which is told by {@link #fail}
     */
    synchronized void failed(Map<String, Object> from, RecordFailure failed, boolean tolerated) {
        Throwable error = failed.error();
        Preview.RecordError shown = new Preview.RecordError(
                failed.stage().name(),
                failed.executing().getName(),
                error.getClass().getName(),
                masking.apply(String.valueOf(error.getMessage())));
        add(new Preview.Item(from, Outcome.FAILED, null, shown));
        if (tolerated) {
            endIfEnough();
        }
    }

    private void add(Preview.Item item) {
        trouble = null;
        if (end == null) {
            items.add(item);
        }
    }

    private void endIfEnough() {
        if (items.size() >= wanted) {
            end(Ended.RECORDS);
        } else if (bytes > BYTES_MAX) {
            end(Ended.SIZE);
        }
    }

    /** The connector failed in a way that may pass, and is asked again. */
    synchronized void retried(Throwable error) {
        trouble = failure(error);
    }

    private Preview.Failure failure(Throwable error) {
        return new Preview.Failure(during, masking.apply(Causes.sentence(error)));
    }

    /** Nothing more comes. */
    synchronized void end(Ended why) {
        if (end == null) {
            end = why;
            ended.complete(null);
        }
    }

    /** The connector, or a record that may not, has failed. What fails because it was asked to end does not count. */
    synchronized void fail(Throwable error) {
        if (end == null && stopped.getCount() > 0) {
            failure = failure(error);
            end(Ended.FAILED);
        }
    }

    /** Completes when the preview has come to an end by itself. */
    CompletableFuture<Void> ended() {
        return ended;
    }

    /** No more is wanted, after so many seconds. */
    synchronized void stop(long seconds) {
        if (end == null && !moving) {
            failure = new Preview.Failure(during, "was not done after %d seconds".formatted(seconds));
            end(Ended.FAILED);
        } else if (end == null) {
            failure = trouble;
            end(Ended.TIME);
        }
        stopped.countDown();
    }

    /** The connector does not come back. */
    synchronized void abandon(long graceSeconds) {
        if (failure == null) {
            failure = new Preview.Failure(
                    during,
                    "did not come back within %d seconds after the preview had ended; its thread was left alone"
                            .formatted(graceSeconds));
        }
    }

    /** All of it, now. */
    synchronized Preview preview(List<Preview.Topic> topics) {
        return new Preview(
                type,
                end == null ? Ended.TIME : end,
                failure,
                changed,
                List.copyOf(topics),
                List.copyOf(schemas),
                List.copyOf(items));
    }
}
