package io.millrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.ConnectorFile;
import io.millrace.platform.Home;
import io.millrace.platform.LiveTable;
import io.millrace.platform.Platform;
import io.millrace.platform.PlatformConfig;
import io.millrace.platform.RestApi;
import io.millrace.platform.Signals;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * The main job in one process: faker, log, PostgreSQL, change data capture, log, DuckDB and Parquet in S3, shown on the
 * terminal while it runs. With a number of rows it ends by itself and holds the copies against the original.
 */
public final class Demo {

    private static final Duration REDRAW = Duration.ofMillis(500);
    private static final Duration CHECK = Duration.ofMillis(50);
    private static final int PLAIN_EVERY_REDRAWS = 10;

    private final DemoConfig config;
    private final PrintStream out;
    private final boolean terminal = LiveTable.onTerminal();
    private final long startNanos = System.nanoTime();

    public Demo(DemoConfig config, PrintStream out) {
        this.config = config;
        this.out = out;
    }

    /** Runs until a signal, or until the rows have arrived; false if copies and original differ. */
    public boolean run() throws Exception {
        Signals signals = new Signals();
        try {
            if (config.fresh()) {
                DemoDirectory.clear(config.dataDir());
            }
            try (DemoParts parts = DemoParts.start(platformConfig(), config.dataDir(), out)) {
                return run(parts, signals);
            }
        } finally {
            signals.done();
        }
    }

    private PlatformConfig platformConfig() {
        return PlatformConfig.whole(config.dataDir().resolve("log"), config.kafkaListen(), config.restListen());
    }

    private boolean run(DemoParts parts, Signals signals) throws Exception {
        Platform platform = parts.platform();
        signals.watch(platform);
        Path warehouse = DemoDirectory.warehouse(config.dataDir());
        Map<String, Object> adminConfig = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                platform.kafkaAddress().toString());
        try (RestApi rest = new RestApi(platform.restUrl())) {
            List<ConnectorFile> connectors =
                    DemoPipelines.read(Home.configs().resolve("demo"), parts.values(config, warehouse));
            apply(connectors, DemoPipelines.WITHOUT_POSTGRES, rest);
            while (parts.isPostgresStarting()) {
                if (signals.await(CHECK)) {
                    return true;
                }
            }
            PostgresServer server = parts.postgres();
            apply(connectors, Set.of(DemoPipelines.TO_POSTGRES), rest);
            hints(parts);
            try (Admin admin = Admin.create(adminConfig);
                    Connection postgres = server.connect()) {
                if (!tablesAreMade(postgres, signals)) {
                    return true;
                }
                apply(connectors, Set.of(DemoPipelines.CDC), rest);
                Arrival arrival = new Arrival(config.rows().orElse(Long.MAX_VALUE), rest, admin, postgres);
                if (!watch(rest, connectors, arrival, signals)) {
                    out.println("Ended. The same command goes on where this one was.");
                    return true;
                }
                return reconcile(new Reconciliation(
                        postgres,
                        warehouse,
                        parts.objectStore().bucketDirectory().resolve("topics")));
            }
        }
    }

    /** Where rows are made as fast as can be, the mass of them waits until everything runs, see {@link #watch}. */
    private void apply(List<ConnectorFile> connectors, Set<String> names, RestApi rest) throws InterruptedException {
        List<ConnectorFile> chosen = new ArrayList<>();
        for (ConnectorFile connector : connectors) {
            if (names.contains(connector.name())) {
                boolean restrained = connector.name().equals(DemoPipelines.FAKER)
                        && config.rows().isPresent();
                chosen.add(restrained ? DemoPipelines.restrained(connector) : connector);
            }
        }
        DemoPipelines.apply(chosen, rest);
    }

    /** Waits for the tables that are to be captured. False if a signal came first. */
    private static boolean tablesAreMade(Connection postgres, Signals signals)
            throws InterruptedException, SQLException {
        while (!ShopTable.allIn(postgres)) {
            if (signals.await(CHECK)) {
                return false;
            }
        }
        return true;
    }

    /** Draws until a signal (false) or until every row has arrived (true). */
    private boolean watch(RestApi rest, List<ConnectorFile> connectors, Arrival arrival, Signals signals)
            throws InterruptedException, ExecutionException, SQLException {
        LiveTable table = new LiveTable(out, terminal);
        boolean restrained = config.rows().isPresent();
        long firstRowMillis = -1;
        for (long redraw = 0; ; redraw++) {
            JsonNode pipelines = rest.get("/v1/pipelines").path("pipelines");
            if (firstRowMillis < 0 && delivered(pipelines, DemoPipelines.WAREHOUSE) > 0) {
                firstRowMillis = elapsedMillis();
            }
            if (restrained && DemoPipelines.allRun(connectors, rest)) {
                DemoPipelines.apply(connectors.subList(0, 1), rest);
                restrained = false;
            }
            boolean arrived = config.rows().isPresent() && arrival.check() == Arrival.Stage.DONE;
            if (terminal || arrived || redraw % PLAIN_EVERY_REDRAWS == 0) {
                table.draw(pipelines, notes(firstRowMillis, arrival));
            }
            if (arrived || signals.await(REDRAW)) {
                return arrived;
            }
        }
    }

    private static long delivered(JsonNode pipelines, String name) {
        for (JsonNode pipeline : pipelines) {
            if (name.equals(pipeline.path("name").asText())) {
                return pipeline.path("records_out").asLong();
            }
        }
        return 0;
    }

    private List<String> notes(long firstRowMillis, Arrival arrival) {
        List<String> notes = new ArrayList<>();
        if (firstRowMillis >= 0) {
            notes.add("first row in the warehouse after %.1f s; running for %.0f s"
                    .formatted(firstRowMillis / 1e3, elapsedMillis() / 1e3));
        } else {
            notes.add("running for %.0f s".formatted(elapsedMillis() / 1e3));
        }
        if (config.rows().isPresent()) {
            notes.add("waiting until " + arrival.stage().words());
        }
        return notes;
    }

    private long elapsedMillis() {
        return (System.nanoTime() - startNanos) / 1_000_000;
    }

    private void hints(DemoParts parts) throws InterruptedException {
        Platform platform = parts.platform();
        out.println();
        out.println("Look around, from another terminal:");
        out.println("  curl -s " + platform.restUrl() + "/v1/pipelines");
        out.println("  ./millrace connector status" + parts.restOption());
        out.println("  ./millrace sql 'SELECT status, count(*) FROM orders GROUP BY status'" + parts.restOption());
        out.println("  ./millrace consume pg.public.orders --max 3 --from-beginning" + parts.bootstrapOption());
        out.println("  psql '" + parts.postgres().url().replace("jdbc:", "") + "'");
        out.println("  Parquet files: " + parts.objectStore().bucketDirectory());
        out.println();
    }

    private boolean reconcile(Reconciliation reconciliation) throws SQLException {
        out.println();
        out.println("Everything has arrived; holding the copies against the original:");
        boolean equal = Reconciliation.report(reconciliation.run(), out);
        out.println(
                equal
                        ? "RECONCILED: PostgreSQL, DuckDB and the Parquet files hold the same rows (%.1f s in all)."
                                .formatted(elapsedMillis() / 1e3)
                        : "DIFFERENT: the copies are not equal to PostgreSQL, see above.");
        return equal;
    }
}
