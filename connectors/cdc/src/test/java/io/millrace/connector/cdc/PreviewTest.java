package io.millrace.connector.cdc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.connector.cdc.Databases.Database;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** A config as the runtime changes it for a preview. */
class PreviewTest {

    private static final String MANIFEST =
            "/META-INF/millrace/" + PostgresCdcSourceConnector.class.getName() + ".properties";
    private static final String PREFIX = "preview.";

    private final Database database = Databases.create();

    private static Map<String, String> previewed(Map<String, String> config) throws IOException {
        Properties manifest = new Properties();
        try (InputStream in = PreviewTest.class.getResourceAsStream(MANIFEST)) {
            manifest.load(in);
        }
        Map<String, String> changed = new HashMap<>(config);
        manifest.stringPropertyNames().stream()
                .filter(key -> key.startsWith(PREFIX))
                .forEach(key -> changed.put(key.substring(PREFIX.length()), manifest.getProperty(key)));
        assertThat(changed).as("the manifest says what is changed").isNotEqualTo(config);
        return changed;
    }

    private void assertServerIsAsBefore(String slots) {
        assertThat(database.text("SELECT string_agg(slot_name, ',') FROM pg_replication_slots "
                        + "WHERE database = current_database()"))
                .isEqualTo(slots);
        assertThat(database.text("SELECT string_agg(tablename, ',') FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo("t");
    }

    @Test
    void showsTheRowsAndLeavesNoSlotAndNoPublication() throws IOException {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'a'), (2, 'b')");
        Capture capture = new Capture(previewed(database.config()));
        try {
            assertThat(capture.start().await(2)).hasSize(2);
            assertServerIsAsBefore("null");
        } finally {
            capture.halt();
        }
        assertServerIsAsBefore("null");
        assertThat(database.text("SELECT count(*) FROM pg_publication")).isEqualTo("0");
    }

    @Test
    void showsTheRowsWhileTheConnectorRuns() throws IOException {
        database.execute("CREATE TABLE t (id int PRIMARY KEY, name text)", "INSERT INTO t VALUES (1, 'a')");
        try (Capture running = new Capture(database.config()).start()) {
            running.await(1);
            Capture capture = new Capture(previewed(database.config()));
            try {
                assertThat(capture.start().await(1)).hasSize(1);
            } finally {
                capture.halt();
            }
            assertServerIsAsBefore("millrace_" + database.name());
            database.execute("INSERT INTO t VALUES (2, 'b')");
            assertThat(running.await(2)).as("the connector goes on").hasSize(2);
        }
    }
}
