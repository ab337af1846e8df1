package io.millrace.platform;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM. The work runs on the main thread; when a signal comes, it is told to end, and the process lives
 * on until it has.
 */
public final class Signals {

    private final CountDownLatch asked = new CountDownLatch(1);
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

    public boolean asked() {
        return asked.getCount() == 0;
    }

    /** Waits for a signal. */
    public void await() throws InterruptedException {
        asked.await();
    }

    /** Waits for a signal, but not for longer; true if one came. */
    public boolean await(Duration time) throws InterruptedException {
        return asked.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Everything is closed: the process may end. */
    public void done() {
        done.countDown();
    }
}
