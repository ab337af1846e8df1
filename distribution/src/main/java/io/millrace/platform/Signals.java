package io.millrace.platform;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM. The work runs on the main thread; when a signal comes, it is told to end, and the process lives
 * on until it has. Waiting for one ends as well, with the reason, when a platform that is watched stops by itself.
 */
public final class Signals {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);

    /** Takes over the signals for the rest of the process. */
    public Signals() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::onSignal, "signals"));
    }

    private void onSignal() {
        asked.countDown();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on, a platform that stops by itself ends the waiting. */
    public void watch(Platform platform) {
        var _ = platform.failure().thenAccept(cause -> {
            failure.set(cause);
            asked.countDown();
        });
    }

    /** Waits for a signal. */
    public void await() throws InterruptedException {
        asked.await();
        requireNoFailure();
    }

    /** Waits for a signal, but not for longer; true if one came. */
    public boolean await(Duration time) throws InterruptedException {
        boolean came = asked.await(time.toMillis(), TimeUnit.MILLISECONDS);
        requireNoFailure();
        return came;
    }

    private void requireNoFailure() {
        Throwable cause = failure.get();
        if (cause != null) {
            throw new UserError("the broker has stopped: " + cause.getMessage()
                    + ". What it had acknowledged is on disk; put right what it says and start again");
        }
    }

    /** Everything is closed: the process may end. */
    public void done() {
        done.countDown();
    }
}
