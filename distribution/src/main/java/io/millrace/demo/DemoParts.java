package io.millrace.demo;

import io.millrace.log.server.HostPort;
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
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that the demo starts: PostgreSQL, S3, and the platform itself. */
final class DemoParts implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DemoParts.class);

    private final Starting<Platform> platform;
    private final Starting<ObjectStoreServer> objectStore;
    private final Starting<PostgresServer> postgres;
    private final int postgresPort;

    private DemoParts(
            Starting<Platform> platform,
            Starting<ObjectStoreServer> objectStore,
            Starting<PostgresServer> postgres,
            int postgresPort) {
        this.platform = platform;
        this.objectStore = objectStore;
        this.postgres = postgres;
        this.postgresPort = postgresPort;
    }

    /** Begins to start all parts at once. Whoever asks for one waits until it runs. */
    static DemoParts start(PlatformConfig config, Path dataDir, PrintStream out) throws IOException {
        Path postgresDir = DemoDirectory.postgres(dataDir);
        Path objectDir = DemoDirectory.objectStore(dataDir);
        DemoPorts ports = new DemoPorts(dataDir.resolve("ports.properties"));
        int postgresPort = ports.of("postgres");
        int objectPort = ports.of("s3");
        return new DemoParts(
                new Starting<>(
                        "broker and runtime",
                        out,
                        () -> Platform.start(config, Optional.of(DemoDirectory.warehouse(dataDir)))),
                new Starting<>("S3", out, () -> ObjectStoreServer.start(objectDir, objectPort)),
                new Starting<>("PostgreSQL", out, () -> PostgresServer.start(postgresDir, postgresPort)),
                postgresPort);
    }

    Platform platform() throws InterruptedException {
        return platform.get();
    }

    ObjectStoreServer objectStore() throws InterruptedException {
        return objectStore.get();
    }

    boolean isPostgresStarting() {
        return !postgres.task.isDone();
    }

    PostgresServer postgres() throws InterruptedException {
        return postgres.get();
    }

    /** A part on its way. */
    private static final class Starting<T extends AutoCloseable> implements AutoCloseable {

        private final FutureTask<T> task;

        Starting(String name, PrintStream out, Callable<T> start) {
            task = new FutureTask<>(() -> {
                long began = System.nanoTime();
                T started = start.call();
                out.printf("started %s in %.1f s%n", name, (System.nanoTime() - began) / 1e9);
                return started;
            });
            Thread.ofVirtual().name("start-" + name).start(task);
        }

        /**
         * Waits until it runs.
         *
         * @throws UserError if it cannot
         */
        T get() throws InterruptedException {
            try {
                return task.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof UserError known ? known : new IllegalStateException(e.getCause());
            }
        }

        @Override
        public void close() {
            try {
                task.get().close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException e) {
                LOG.atDebug().setCause(e).log("a part did not start");
            } catch (Exception e) {
                LOG.atWarn().setCause(e).log("a part did not end as it should");
            }
        }
    }

    /** What stands in the configs in the place of names. */
    Map<String, String> values(DemoConfig config, Path warehouse) throws InterruptedException {
        ObjectStoreServer objects = objectStore();
        Map<String, String> values = new LinkedHashMap<>();
        values.put("rows", Long.toString(config.rows().orElse(-1)));
        values.put("rows.per.second", Long.toString(config.rowsPerSecond()));
        values.put("postgres.url", PostgresServer.url(postgresPort));
        values.put("postgres.host", "127.0.0.1");
        values.put("postgres.port", Integer.toString(postgresPort));
        values.put("postgres.user", PostgresServer.USER);
        values.put("postgres.password", PostgresServer.USER);
        values.put("postgres.database", PostgresServer.DATABASE);
        values.put("warehouse.file", warehouse.toAbsolutePath().toString());
        values.put("s3.url", objects.url());
        values.put("s3.bucket", ObjectStoreServer.BUCKET);
        values.put("s3.access.key", ObjectStoreServer.ACCESS_KEY);
        values.put("s3.secret.key", ObjectStoreServer.SECRET_KEY);
        return values;
    }

    /** The option that leads a verb to this runtime; empty where it is the verb's default. */
    String restOption() throws InterruptedException {
        String url = platform().restUrl();
        return url.endsWith(":8083") ? "" : " --rest " + url;
    }

    String bootstrapOption() throws InterruptedException {
        HostPort address = platform().kafkaAddress();
        return address.port() == 9092 ? "" : " --bootstrap " + address;
    }

    @Override
    public void close() {
        try (postgres;
                objectStore;
                platform) {
            // Closed in the opposite order. After a Ctrl-C PostgreSQL ends at the same time: it hears of the signal
            // itself.
        }
    }
}
