package io.millrace.demo;

import io.millrace.platform.Platform;
import io.millrace.platform.PlatformConfig;
import io.millrace.platform.UserError;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that the demo starts, and ends in the opposite order: PostgreSQL, S3, and the platform itself. */
record DemoParts(PostgresServer postgres, ObjectStoreServer objectStore, Platform platform) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DemoParts.class);

    static DemoParts start(PlatformConfig config, Path dataDir, PrintStream out) throws InterruptedException {
        Path postgresDir = DemoDirectory.postgres(dataDir);
        Path objectDir = DemoDirectory.objectStore(dataDir);
        DemoPorts ports = new DemoPorts(dataDir.resolve("ports.properties"));
        try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Platform> platform = starters.submit(timed(
                    "broker and runtime",
                    out,
                    () -> Platform.start(config, Optional.of(DemoDirectory.warehouse(dataDir)))));
            Future<PostgresServer> postgres = starters.submit(
                    timed("PostgreSQL", out, () -> PostgresServer.start(postgresDir, ports.of("postgres"))));
            Future<ObjectStoreServer> objects =
                    starters.submit(timed("S3", out, () -> ObjectStoreServer.start(objectDir, ports.of("s3"))));
            try {
                return new DemoParts(postgres.get(), objects.get(), platform.get());
            } catch (ExecutionException e) {
                closeStarted(platform, postgres, objects);
                throw e.getCause() instanceof UserError known ? known : new IllegalStateException(e.getCause());
            }
        }
    }

    private static <T> Callable<T> timed(String name, PrintStream out, Callable<T> start) {
        return () -> {
            long began = System.nanoTime();
            T started = start.call();
            out.printf("started %s in %.1f s%n", name, (System.nanoTime() - began) / 1e9);
            return started;
        };
    }

    @SafeVarargs
    private static void closeStarted(Future<? extends AutoCloseable>... parts) throws InterruptedException {
        for (Future<? extends AutoCloseable> part : parts) {
            try {
                part.get().close();
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                LOG.atDebug().setCause(e).log("a part did not start, or did not end");
            }
        }
    }

    /** What stands in the configs in the place of names. */
    Map<String, String> values(DemoConfig config, Path warehouse) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("rows", Long.toString(config.rows().orElse(-1)));
        values.put("rows.per.second", Long.toString(config.rowsPerSecond()));
        values.put("postgres.url", postgres.url());
        values.put("postgres.host", "127.0.0.1");
        values.put("postgres.port", Integer.toString(postgres.port()));
        values.put("postgres.user", PostgresServer.USER);
        values.put("postgres.password", PostgresServer.USER);
        values.put("postgres.database", PostgresServer.DATABASE);
        values.put("warehouse.file", warehouse.toAbsolutePath().toString());
        values.put("s3.url", objectStore.url());
        values.put("s3.bucket", ObjectStoreServer.BUCKET);
        values.put("s3.access.key", ObjectStoreServer.ACCESS_KEY);
        values.put("s3.secret.key", ObjectStoreServer.SECRET_KEY);
        return values;
    }

    /** The option that leads a verb to this runtime; empty where it is the verb's default. */
    String restOption() {
        return platform.restUrl().endsWith(":8083") ? "" : " --rest " + platform.restUrl();
    }

    String bootstrapOption() {
        return platform.kafkaAddress().port() == 9092 ? "" : " --bootstrap " + platform.kafkaAddress();
    }

    @Override
    public void close() throws IOException {
        try (postgres;
                objectStore;
                platform) {
            // closed in the opposite order: the platform first, its sources and targets after it
        }
    }
}
