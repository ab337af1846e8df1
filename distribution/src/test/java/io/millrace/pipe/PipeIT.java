package io.millrace.pipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.platform.Program;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace pipe} against a PostgreSQL of the test's own. */
class PipeIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String CITIES = "SELECT id::text, name || '|' || people FROM city";

    @TempDir
    private Path directory;

    private EmbeddedPostgres server;
    private Connection postgres;

    @BeforeEach
    void startPostgres() throws IOException, SQLException {
        server = EmbeddedPostgres.builder()
                .setServerConfig("wal_level", "logical")
                .start();
        postgres = server.getPostgresDatabase().getConnection();
        execute("CREATE TABLE city (id int PRIMARY KEY, name text, people bigint)");
        execute("CREATE TABLE \"Strange Name\" (code text PRIMARY KEY, value numeric(10, 2))");
        execute("INSERT INTO city SELECT i, 'city ' || i, i * 1000 FROM generate_series(1, 500) i");
        execute("INSERT INTO \"Strange Name\" VALUES ('a', 1.50), ('b', NULL)");
    }

    @AfterEach
    void stopPostgres() throws IOException, SQLException {
        postgres.close();
        server.close();
    }

    @Test
    void copiesADatabaseIntoAFolderAndFollowsIt() throws Exception {
        try (Program pipe = pipe("./out")) {
            awaitCities(pipe, 500);
            execute("UPDATE city SET people = -1 WHERE id = 7");
            execute("DELETE FROM city WHERE id = 8");
            execute("INSERT INTO city VALUES (501, 'new', 1)");
            awaitEqual(pipe);
            pipe.interrupt();
            pipe.exitCode();
        }
        execute("INSERT INTO city VALUES (502, 'while it was away', 2)");
        execute("DELETE FROM city WHERE id = 9");
        try (Program pipe = pipe("./out")) {
            awaitEqual(pipe);
            pipe.interrupt();
            pipe.exitCode();
        }
        assertThat(count("SELECT count(*) FROM pg_replication_slots")).isEqualTo(1);

        try (Program cleanup = pipe("./out", "--cleanup")) {
            assertThat(cleanup.exitCode()).as(cleanup.output()).isZero();
        }
        assertThat(count("SELECT count(*) FROM pg_replication_slots")).isZero();
        assertThat(count("SELECT count(*) FROM pg_publication")).isZero();
    }

    @Test
    void copiesADatabaseIntoADuckDbFile() throws Exception {
        try (Program pipe = pipe("duckdb:copy.duckdb")) {
            pipe.await("-sink +running +502 +502");
            pipe.interrupt();
            pipe.exitCode();
        }
        try (Connection copy = DriverManager.getConnection("jdbc:duckdb:" + directory.resolve("copy.duckdb"))) {
            assertThat(rows(copy, CITIES)).isEqualTo(cities());
        }
    }

    @Test
    void copiesADatabaseIntoAnotherPostgres() throws Exception {
        execute("CREATE DATABASE copy");
        String copyUrl = "postgresql://postgres:x@127.0.0.1:" + server.getPort() + "/copy";
        try (Program pipe = pipe(copyUrl);
                Connection copy = server.getDatabase("postgres", "copy").getConnection()) {
            pipe.await("-sink +running +502 +502");
            execute("DELETE FROM city WHERE id = 1");
            Awaitility.await("copy equal to PostgreSQL")
                    .atMost(PATIENCE)
                    .failFast("the pipe ended", () -> !pipe.isAlive())
                    .until(() -> rows(copy, CITIES).equals(cities()));
        }
    }

    @Test
    void copiesADatabaseIntoABucket() throws Exception {
        Path buckets = directory.resolve("buckets");
        Path bucket = Files.createDirectories(buckets.resolve("lake"));
        S3Proxy store = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(buckets.toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "key", "secret")
                .build();
        store.start();
        Map<String, String> environment = Map.of(
                "AWS_ENDPOINT_URL", "http://127.0.0.1:" + store.getPort(),
                "AWS_ACCESS_KEY_ID", "key",
                "AWS_SECRET_ACCESS_KEY", "secret");
        try (Program pipe = Program.start(directory, environment, "pipe", source(), "s3://lake/shop")) {
            Awaitility.await("500 cities in the bucket")
                    .atMost(PATIENCE)
                    .failFast("the pipe ended", () -> !pipe.isAlive())
                    .until(() -> citiesInParquet(bucket.resolve("shop")).equals(cities()));
        } finally {
            store.stop();
        }
    }

    @Test
    void printsItsConnectorsWithoutPassword() throws Exception {
        try (Program dryRun =
                Program.start(directory, "pipe", "postgresql://me:secret@nowhere.example/shop", "./out", "--dry-run")) {
            assertThat(dryRun.exitCode()).isZero();
            assertThat(dryRun.output())
                    .contains("PostgresCdcSourceConnector")
                    .contains("S3SinkConnector")
                    .doesNotContain("secret@")
                    .doesNotContain("\"secret\"");
        }
        assertThat(Files.exists(directory.resolve("out"))).isFalse();
    }

    @Test
    void saysWhatRepairsADatabaseWithoutLogicalDecoding() throws Exception {
        try (EmbeddedPostgres plain = EmbeddedPostgres.builder().start();
                Program pipe = Program.start(
                        directory,
                        "pipe",
                        "postgresql://postgres:x@127.0.0.1:" + plain.getPort() + "/postgres",
                        "./out")) {
            assertThat(pipe.exitCode()).isEqualTo(1);
            assertThat(pipe.output()).contains("ALTER SYSTEM SET wal_level");
        }
    }

    private String source() {
        return "postgresql://postgres:x@127.0.0.1:" + server.getPort() + "/postgres";
    }

    private Program pipe(String target, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of("pipe", source(), target));
        command.addAll(List.of(options));
        return Program.start(directory, command.toArray(String[]::new));
    }

    private void awaitCities(Program pipe, int count) {
        Awaitility.await(count + " cities in Parquet")
                .atMost(PATIENCE)
                .failFast("the pipe ended", () -> !pipe.isAlive())
                .until(() -> citiesInParquet().size() == count);
    }

    private void awaitEqual(Program pipe) throws SQLException {
        Map<String, String> original = cities();
        Awaitility.await("Parquet equal to PostgreSQL")
                .atMost(PATIENCE)
                .failFast("the pipe ended", () -> !pipe.isAlive())
                .until(() -> citiesInParquet().equals(original));
    }

    private Map<String, String> citiesInParquet() throws SQLException, IOException {
        return citiesInParquet(directory.resolve("out"));
    }

    private static Map<String, String> citiesInParquet(Path out) throws SQLException, IOException {
        if (!anyParquet(out)) {
            return Map.of();
        }
        String files = out + "/**/postgres.public.city*.parquet";
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
            return rows(
                    duckdb,
                    "SELECT id::text, name || '|' || people FROM read_parquet('" + files + "', union_by_name = true) "
                            + "QUALIFY row_number() OVER (PARTITION BY id ORDER BY __offset DESC) = 1 "
                            + "AND NOT __deleted");
        }
    }

    private static boolean anyParquet(Path out) throws IOException {
        if (!Files.exists(out)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(out)) {
            return files.anyMatch(
                    file -> file.getFileName().toString().matches("postgres\\.public\\.city.*\\.parquet"));
        }
    }

    private Map<String, String> cities() throws SQLException {
        return rows(postgres, CITIES);
    }

    private static Map<String, String> rows(Connection database, String query) throws SQLException {
        Map<String, String> rows = new TreeMap<>();
        try (Statement statement = database.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            while (result.next()) {
                rows.put(result.getString(1), result.getString(2));
            }
        }
        return rows;
    }

    private long count(String query) throws SQLException {
        try (Statement statement = postgres.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = postgres.createStatement()) {
            statement.execute(sql);
        }
    }
}
