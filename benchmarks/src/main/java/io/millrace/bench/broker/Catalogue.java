package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Scenario;
import io.millrace.bench.server.Durability;
import io.millrace.bench.wire.Acks;
import java.util.List;

/** Every scenario, in the order in which they run. */
public final class Catalogue {

    private static final int KB = 1024;
    private static final int SMALL = 100;

    private static final List<Mark> STOCK =
            List.of(new Mark(Measure.THROUGHPUT, 1.1), new Mark(Measure.SERVER_CPU, 0.5));
    private static final List<Mark> LEAN = List.of(new Mark(Measure.THROUGHPUT, 2));
    private static final List<Mark> DURABLE = List.of(new Mark(Measure.THROUGHPUT, 5));
    private static final List<Mark> START = List.of(new Mark(Measure.READY, 0.5), new Mark(Measure.RESIDENT, 0.5));
    private static final List<Mark> MANY = List.of(new Mark(Measure.READY, 0.3));

    private static final List<Scenario> ALL = List.of(
            new Start("start", START),
            new UnrehearsedStart("start-unrehearsed"),
            new Restart("restart-1000", 1000, 10, List.of()),
            new Restart("restart-5000", 5000, 1, MANY),
            stock("stock-1k-acks1", 600_000, KB, Acks.ONE),
            stock("stock-1k-all", 600_000, KB, Acks.ALL),
            stock("stock-100-acks1", 2_500_000, SMALL, Acks.ONE),
            stock("stock-100-all", 2_500_000, SMALL, Acks.ALL),
            new StockProduce("fsync-stock-1k", 120_000, KB, Acks.ALL, Durability.EVERY_BATCH_SYNCED, DURABLE),
            lean("lean-1k-acks1", new LeanLoad(1, 32_768, 16 * KB, KB), Acks.ONE),
            lean("lean-1k-all", new LeanLoad(1, 32_768, 16 * KB, KB), Acks.ALL),
            lean("lean-100-acks1", new LeanLoad(1, 5_000, 128 * KB, SMALL), Acks.ONE),
            lean("lean-100-all", new LeanLoad(1, 5_000, 128 * KB, SMALL), Acks.ALL),
            durable("fsync-lean-1k", new LeanLoad(1, 5_000, 16 * KB, KB)),
            durable("fsync-lean-1k-x8", new LeanLoad(8, 1_000, 16 * KB, KB)),
            durable("fsync-lean-100", new LeanLoad(1, 3_000, 128 * KB, SMALL)),
            new AckLatency("latency", 1_000, 4, Durability.PAGE_CACHE),
            new AckLatency("fsync-latency", 200, 4, Durability.EVERY_BATCH_SYNCED),
            new Consume("consume-stock-1k", new LeanLoad(1, 50_000, 16 * KB, KB), Consume.Reader.STOCK),
            new Consume("consume-stock-100", new LeanLoad(1, 3_000, 128 * KB, SMALL), Consume.Reader.STOCK),
            new Consume("consume-lean-1k", new LeanLoad(1, 50_000, 16 * KB, KB), Consume.Reader.LEAN),
            new Crowd("crowd", new LeanLoad(20, 2_000, 16 * KB, KB)));

    private Catalogue() {}

    private static Load stock(String name, int records, int bytes, Acks acks) {
        return new StockProduce(name, records, bytes, acks, Durability.PAGE_CACHE, STOCK);
    }

    private static Load lean(String name, LeanLoad load, Acks acks) {
        return new LeanProduce(name, load, acks, Durability.PAGE_CACHE, LEAN);
    }

    private static Load durable(String name, LeanLoad load) {
        return new LeanProduce(name, load, Acks.ALL, Durability.EVERY_BATCH_SYNCED, DURABLE);
    }

    public static List<Scenario> all() {
        return ALL;
    }

    /** The scenarios whose names begin with one of these; all if none is given. */
    public static List<Scenario> beginning(List<String> beginnings) {
        return Scenario.beginning(ALL, beginnings);
    }
}
