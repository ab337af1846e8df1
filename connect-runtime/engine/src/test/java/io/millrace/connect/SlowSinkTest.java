package io.millrace.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink that is slower than what comes is given no more than it takes: the rest stays in the log. */
class SlowSinkTest {

    private static final int RECORDS = 6_000;
    /** What one poll of the log's client gives at most. */
    private static final int BATCH_MAX = 2_000;

    @TempDir
    private Path directory;

    private WorkerFixture fixture;

    @BeforeEach
    void useWorker() {
        fixture = WorkerFixture.shared(WhichLog.MILLRACE, directory);
        createSource("numbers");
    }

    private void createSource(String name) {
        Map<String, String> source = fixture.source("numbers", RECORDS);
        source.put("batch.size", "1000");
        fixture.create(name, source);
        await().untilAsserted(() -> assertThat(count(name, "records_out")).isEqualTo(RECORDS));
    }

    @AfterEach
    void deleteConnectors() {
        fixture.close();
    }

    private long count(String connector, String what) {
        return fixture.pipeline(connector).path(what).asLong();
    }

    @Test
    void nothingIsReadAheadOfABatchThatTheSinkDoesNotComeBackFrom() {
        Map<String, String> sink = fixture.sink("numbers", fixture.file("out"));
        sink.put("block.in", "put");
        fixture.create("file", sink);
        await().untilAsserted(() -> assertThat(count("file", "records_in")).isPositive());
        long read = count("file", "records_in");

        createSource("more");

        assertThat(count("file", "records_in")).isEqualTo(read).isLessThanOrEqualTo(BATCH_MAX);
        assertThat(count("file", "records_out")).isZero();
    }

    @Test
    void nothingIsReadAheadOfABatchThatTheSinkRefusesForNow() {
        Path file = fixture.file("out");
        Map<String, String> sink = fixture.sink("numbers", file);
        sink.put("refuse.first", "2");
        fixture.create("file", sink);

        await().until(() -> {
            long read = count("file", "records_in");
            boolean taken = !WorkerFixture.lines(file).isEmpty();
            assertThat(taken || read <= BATCH_MAX)
                    .as("%d records were read before any was taken", read)
                    .isTrue();
            return taken;
        });

        fixture.awaitLines(file, RECORDS);
        assertThat(WorkerFixture.lines(file)).as("each record once").hasSize(RECORDS);
    }
}
