package io.millrace.connect.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.record.Pipeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a pipeline has had nothing to do for long enough, on a clock of our own. */
class IdleWatchTest {

    private final Still still = new Still();
    private final List<Boolean> told = new ArrayList<>();
    private long nowMs = 5;
    private final IdleWatch watch = new IdleWatch(still, 100, () -> TimeUnit.MILLISECONDS.toNanos(nowMs), told::add);

    /** A pipeline that is as quiet as it is told. */
    private static final class Still implements Pipeline {

        private boolean quiet = true;

        @Override
        public void start() {
            // Nothing to start.
        }

        @Override
        public void step() {
            // Nothing to do.
        }

        @Override
        public boolean quiet() {
            return quiet;
        }

        @Override
        public void idle() {
            // Nothing to keep alive.
        }

        @Override
        public void stop(boolean healthy, Duration timeout) {
            // Nothing to stop.
        }

        @Override
        public void wakeup() {
            // Nobody sleeps.
        }

        @Override
        public void abort() {
            // Nothing is written.
        }
    }

    @BeforeEach
    void start() {
        watch.start();
    }

    private void stepAt(long ms, boolean quiet) {
        nowMs = ms;
        still.quiet = quiet;
        watch.step();
    }

    @Test
    void tellsOnceWhenItHasBeenQuietForLongEnough() {
        stepAt(10, true);
        stepAt(109, true);
        assertThat(told).containsExactly(false);

        stepAt(110, true);
        stepAt(500, true);
        assertThat(told).containsExactly(false, true);
    }

    @Test
    void beginsAnewWhenSomethingMoves() {
        stepAt(10, true);
        stepAt(100, false);
        stepAt(150, true);
        stepAt(200, true);
        assertThat(told).containsExactly(false);

        stepAt(250, true);
        stepAt(260, false);
        assertThat(told).containsExactly(false, true, false);
    }

    @Test
    void aPauseDoesNotCount() {
        stepAt(10, true);
        watch.idle();
        stepAt(500, true);

        assertThat(told).containsExactly(false);
    }
}
