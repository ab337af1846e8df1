package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.simulation.TransactionalClient.Speaks;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A22: a loop that consumes, transforms and produces exactly once, on a broker that ends at every operation on its disk
 * in turn. Of each step all outputs and the input's offset are there, or nothing.
 */
class TransactionFaultTest {

    private static final int STEPS = 2;
    private static final String GROUP = "shop";

    /** One run of the loop, to its end or until the broker ends. */
    private static final class Loop {
        private final BrokerFixture broker = new BrokerFixture(2);
        private final Speaks speaks;
        private final Uuid orders;
        private final Uuid audit;
        private int acknowledged;

        Loop(Speaks speaks) {
            this.speaks = speaks;
            TestClient client = broker.connect(0);
            orders = created(client, "orders", 1);
            audit = created(client, "audit", 1);
        }

        /** Begins where the group's offset stands; each step is aborted once before it is committed. */
        void run() {
            TransactionalClient producer =
                    new TransactionalClient(broker, broker.connect(acknowledged % 2), "payments", speaks);
            producer.init();
            long step = position(broker.connect(1));
            while (step < STEPS) {
                transaction(producer, "aborted-" + step, step + 1, false);
                transaction(producer, "v" + step, step + 1, true);
                step++;
                acknowledged = (int) step;
            }
        }

        private void transaction(TransactionalClient producer, String value, long next, boolean commit) {
            assertThat(producer.produce("orders", orders, 0, value)).isEqualTo(Errors.NONE);
            assertThat(producer.produce("audit", audit, 0, value)).isEqualTo(Errors.NONE);
            assertThat(producer.commitOffset(GROUP, "orders", 0, next)).isEqualTo(Errors.NONE);
            assertThat(producer.end(commit)).isEqualTo(Errors.NONE);
        }

        /** The group's offset, once no transaction can change it. */
        private long position(TestClient client) {
            TransactionalClient.find(client, TransactionalClient.GROUP, GROUP);
            for (int attempt = 0; attempt < 100; attempt++) {
                var found = TransactionTest.offset(client, GROUP, true);
                if (error(found.errorCode()) == Errors.NONE) {
                    return Math.max(0, found.committedOffset());
                }
                broker.pass(20);
            }
            throw new AssertionError("the group's offset does not settle");
        }

        void check() {
            TestClient client = broker.connect(0);
            List<String> expected =
                    IntStream.range(0, STEPS).mapToObj(i -> "v" + i).toList();
            assertThat(TransactionTest.committed(client, orders, 0)).isEqualTo(expected);
            assertThat(TransactionTest.committed(client, audit, 0)).isEqualTo(expected);
            assertThat(position(client)).isEqualTo(STEPS);
        }

        /** All that was acknowledged is there, and of the step that was under way all or nothing. */
        void checkAfterCrash() {
            TestClient client = broker.connect(0);
            new TransactionalClient(broker, client, "payments", speaks).init();
            long position = position(client);
            assertThat(position).isBetween((long) acknowledged, acknowledged + 1L);
            List<String> expected =
                    IntStream.range(0, (int) position).mapToObj(i -> "v" + i).toList();
            assertThat(TransactionTest.committed(client, orders, 0)).isEqualTo(expected);
            assertThat(TransactionTest.committed(client, audit, 0)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource(Speaks.class)
    void a22ALoopIsExactWhereverTheBrokerEnds(Speaks speaks) {
        int crashes = 0;
        for (int operation = 0; ; operation++) {
            Loop loop = new Loop(speaks);
            loop.broker.crashes.crashAfter(operation);
            if (!endsEarly(loop)) {
                break;
            }
            crashes++;
            if (operation % 2 == 0) {
                loop.broker.crashAndRestart();
            } else {
                loop.broker.cutPowerAndRestart();
            }
            loop.checkAfterCrash();
            loop.run();
            loop.check();
            assertThat(loop.broker.stoppedPartitions).isEmpty();
        }
        assertThat(crashes).isGreaterThan(100);
    }

    /** Whether the broker ended before the loop did. */
    private static boolean endsEarly(Loop loop) {
        try {
            loop.run();
            loop.broker.crashes.calm();
            loop.check();
            return false;
        } catch (CrashingDisk.Crash crash) {
            return true;
        }
    }

    /** A restart in order to go on, while transactions are open and offsets are compacted. */
    @ParameterizedTest
    @EnumSource(Speaks.class)
    void a25OffsetsNeverGoBackOverRestarts(Speaks speaks) {
        Loop loop = new Loop(speaks);
        TestClient client = loop.broker.connect(0);
        for (int round = 1; round <= 20; round++) {
            TransactionalClient producer =
                    new TransactionalClient(loop.broker, loop.broker.connect(round % 2), "payments", speaks);
            producer.init();
            loop.transaction(producer, "v" + round, round, true);
            assertThat(producer.commitOffset(GROUP, "orders", 0, 1_000)).isEqualTo(Errors.NONE);
            switch (round % 3) {
                case 0 -> loop.broker.restart();
                case 1 -> loop.broker.crashAndRestart();
                default -> loop.broker.cutPowerAndRestart();
            }
            loop.broker.pass(20_000);
            client = loop.broker.connect(0);
            assertThat(TransactionTest.offset(client, GROUP, false).committedOffset())
                    .isEqualTo(round);
        }
        assertThat(TransactionTest.committed(client, loop.orders, 0)).hasSize(20);
    }
}
