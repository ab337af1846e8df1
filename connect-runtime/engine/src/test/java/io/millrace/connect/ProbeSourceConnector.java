package io.millrace.connect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/**
 * A source that can be held in any of its methods until the test lets go of it, that tells its password when it fails,
 * and that leaves a file behind unless it is told not to.
 */
public final class ProbeSourceConnector extends SourceConnector {

    private static final ConfigDef CONFIG = new ConfigDef()
            .define("topic", ConfigDef.Type.STRING, Importance.HIGH, "where to")
            .define("password", ConfigDef.Type.PASSWORD, "", Importance.HIGH, "told when it is wrong")
            .define("hold.in", ConfigDef.Type.STRING, "", Importance.LOW, "the method that is held")
            .define("deaf", ConfigDef.Type.BOOLEAN, true, Importance.LOW, "whether it takes no notice of interrupts")
            .define("trace", ConfigDef.Type.STRING, "", Importance.LOW, "a file to be made at the start")
            .define("leave.trace", ConfigDef.Type.BOOLEAN, true, Importance.LOW, "whether it is made");

    private static volatile CountDownLatch held = new CountDownLatch(1);

    private Map<String, String> config = Map.of();

    /** Lets go of every connector that is held. */
    static void letGo() {
        held.countDown();
        held = new CountDownLatch(1);
    }

    private static void hold(Map<String, String> config, String method) {
        AbstractConfig parsed = new AbstractConfig(CONFIG, config, false);
        if (!method.equals(parsed.getString("hold.in"))) {
            return;
        }
        CountDownLatch latch = held;
        boolean waiting = true;
        while (waiting) {
            try {
                latch.await();
                waiting = false;
            } catch (InterruptedException e) {
                waiting = parsed.getBoolean("deaf");
            }
        }
    }

    @Override
    public void start(Map<String, String> props) {
        config = Map.copyOf(props);
        hold(config, "connector.start");
    }

    @Override
    public Class<? extends Task> taskClass() {
        return ProbeTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        hold(config, "taskconfigs");
        return List.of(config);
    }

    @Override
    public void stop() {
        hold(config, "connector.stop");
    }

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public String version() {
        return "1.2.3";
    }

    /** Its one task. */
    public static final class ProbeTask extends SourceTask {

        private Map<String, String> config = Map.of();

        @Override
        public void start(Map<String, String> props) {
            config = Map.copyOf(props);
            AbstractConfig parsed = new AbstractConfig(CONFIG, config, false);
            String password = parsed.getPassword("password").value();
            if (!password.isEmpty()) {
                throw new ConnectException("password %s of %d letters is wrong".formatted(password, password.length()));
            }
            if (!parsed.getString("trace").isEmpty() && parsed.getBoolean("leave.trace")) {
                leave(Path.of(parsed.getString("trace")));
            }
            hold(config, "start");
        }

        private static void leave(Path trace) {
            try {
                Files.createFile(trace);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public @Nullable List<SourceRecord> poll() {
            hold(config, "poll");
            return List.of(new SourceRecord(Map.of(), Map.of(), config.get("topic"), Schema.STRING_SCHEMA, "value"));
        }

        @Override
        public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
            throw new AssertionError("nothing is stored that the source could be told of");
        }

        @Override
        public void commit() {
            throw new AssertionError("nothing is stored that the source could be told of");
        }

        @Override
        public void stop() {
            hold(config, "stop");
        }

        @Override
        public String version() {
            return "1.2.3";
        }
    }
}
