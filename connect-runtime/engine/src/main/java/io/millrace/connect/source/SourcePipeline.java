package io.millrace.connect.source;

import io.millrace.connect.record.Attempt;
import io.millrace.connect.record.FlowMeter;
import io.millrace.connect.record.Pipeline;
import io.millrace.connect.record.Quietly;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * From a source task to the log: poll, transform, convert, and deliver, at least once or exactly once. Records keep the
 * order of the source within each partition of the log.
 *
 * <p>While the log stores one batch the next is polled and converted. At most {@value Delivery#IN_FLIGHT_MAX} records,
 * and what the appender's buffer holds in bytes, are under way: beyond that polling waits.
 */
public final class SourcePipeline implements Pipeline {

    private final PollStage poll;
    private final TransformStage transform;
    private final ConvertStage convert;
    private final Delivery delivery;
    private final FlowMeter flow;
    private boolean started;

    /**
     * The parts, wired; none has been started.
     *
     * @param flow counts records
     */
    public SourcePipeline(
            PollStage poll, TransformStage transform, ConvertStage convert, Delivery delivery, FlowMeter flow) {
        this.poll = poll;
        this.transform = transform;
        this.convert = convert;
        this.delivery = delivery;
        this.flow = flow;
    }

    @Override
    public void start() {
        delivery.open();
        started = true;
        poll.progress().watchLog(delivery::waitsSinceMs);
        poll.start();
        delivery.begin();
    }

    @Override
    public void step() {
        interruptibly(() -> {
            if (delivery.awaitRoom()) {
                delivery.deliver(converted(poll.poll()));
            }
            delivery.check();
        });
    }

    @Override
    public boolean quiet() {
        return poll.foundNothing() && delivery.settled();
    }

    @Override
    public void idle() {
        interruptibly(delivery::idle);
    }

    /** Work that the plugin, or the wait for the log, may end early. */
    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    private static void interruptibly(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ConnectException("the source was interrupted", e);
        }
    }

    private List<Delivery.Converted> converted(List<SourceRecord> polled) {
        flow.countIn(polled.size());
        List<Delivery.Converted> converted = new ArrayList<>(polled.size());
        for (SourceRecord record : polled) {
            Attempt<SourceRecord> attempt = attempt(record);
            SourceRecord transformed = transform.apply(attempt);
            converted.add(
                    new Delivery.Converted(record, transformed == null ? null : convert.apply(transformed, attempt)));
        }
        return converted;
    }

    static Attempt<SourceRecord> attempt(SourceRecord record) {
        return new Attempt<>(
                record, () -> "source position " + record.sourceOffset() + " of " + record.sourcePartition());
    }

    @Override
    public void stop(boolean healthy, Duration timeout) {
        Quietly.run("commit positions", () -> delivery.finish(healthy, timeout));
        if (started) {
            Quietly.run("stop the source", poll::stop);
        }
        Quietly.run("close the appender", () -> delivery.close(timeout));
        Quietly.run("close the transforms", transform::close);
        Quietly.run("close the converters", convert::close);
    }

    @Override
    public void wakeup() {
        // A source is asked to end by not being polled again.
    }

    @Override
    public void abort() {
        delivery.abort();
    }
}
