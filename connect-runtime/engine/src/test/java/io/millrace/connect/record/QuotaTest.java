package io.millrace.connect.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connect.record.Quota.Excess;
import io.millrace.connect.record.Quota.Limits;
import io.millrace.connect.record.Quota.Used;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a connector may use up in a second. */
class QuotaTest {

    private long nowNanos;
    private final Quota quota = new Quota(() -> nowNanos);

    private void pass(long milliseconds) {
        nowNanos += TimeUnit.MILLISECONDS.toNanos(milliseconds);
    }

    @Test
    void whatGoesBeyondIsWaitedFor() {
        Limits limits = new Limits(100, 0, 0);

        assertThat(quota.charge(limits, new Used(50, 1 << 30, 0))).isEqualTo(new Quota.Pause(Excess.RECORDS, 500));
        pass(200);
        assertThat(quota.charge(limits, new Used(50, 1 << 30, 0))).isEqualTo(new Quota.Pause(Excess.RECORDS, 300));
        pass(300);
        assertThat(quota.charge(limits, new Used(50, 1 << 30, 0)).excess()).isEqualTo(Excess.NONE);
    }

    @Test
    void noMoreThanASecondIsSavedUp() {
        Limits limits = new Limits(0, 1_000, 0);
        pass(60_000);

        assertThat(quota.charge(limits, new Used(0, 1_500, 0))).isEqualTo(new Quota.Pause(Excess.BYTES, 500));
    }

    @Test
    void theLongestPauseCounts() {
        Limits limits = new Limits(100, 1_000, 50);
        Used used = new Used(10, 200, TimeUnit.MILLISECONDS.toNanos(150));

        assertThat(quota.charge(limits, used)).isEqualTo(new Quota.Pause(Excess.THREAD, 300));
    }

    @Test
    void inTheLongRunTheRateIsKept() {
        Limits limits = new Limits(1_000, 0, 0);
        long taken = 0;
        while (nowNanos < TimeUnit.SECONDS.toNanos(10)) {
            Quota.Pause pause = quota.charge(limits, new Used(taken, 0, 0));
            if (pause.excess() == Excess.NONE) {
                taken += 37;
                pass(1);
            } else {
                pass(pause.milliseconds());
            }
        }
        assertThat(taken).isBetween(9_900L, 10_100L);
    }
}
