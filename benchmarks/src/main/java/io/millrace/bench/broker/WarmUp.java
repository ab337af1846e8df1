package io.millrace.bench.broker;

import io.millrace.bench.server.Durability;
import io.millrace.bench.wire.Acks;
import io.millrace.bench.wire.Batch;
import io.millrace.bench.wire.LeanConsumer;
import io.millrace.bench.wire.LeanProducer;
import io.millrace.bench.wire.Topics;
import java.io.IOException;

/** Has a broker compile what the loads need, for the same time on either side. */
final class WarmUp {

    private static final String TOPIC = "warm-up";
    private static final int KILOBYTE = 1024;
    private static final int SMALL_RECORD_BYTES = 100;
    private static final int REQUESTS = 50;

    private WarmUp() {}

    static void run(Stand stand, double seconds) throws IOException {
        Batch small = Batch.filling(16 * KILOBYTE, SMALL_RECORD_BYTES);
        Batch large = Batch.filling(16 * KILOBYTE, KILOBYTE);
        try (Topics topics = new Topics(stand.port())) {
            topics.create(TOPIC, 2, stand.server().topicConfigs(Durability.PAGE_CACHE));
            try (LeanProducer first = new LeanProducer(stand.port(), TOPIC, 0, Acks.ALL, small, 0);
                    LeanProducer second = new LeanProducer(stand.port(), TOPIC, 1, Acks.ONE, large, 0);
                    LeanConsumer consumer = new LeanConsumer(stand.port(), TOPIC, 0)) {
                long end = System.nanoTime() + (long) (seconds * 1e9);
                while (System.nanoTime() < end) {
                    first.send(REQUESTS, LeanLoad.IN_FLIGHT_MAX);
                    second.send(REQUESTS, LeanLoad.IN_FLIGHT_MAX);
                    consumer.readSome();
                }
            }
            topics.delete(TOPIC);
        }
    }
}
