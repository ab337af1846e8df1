package io.millrace.connect.testkit;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task of {@link LeakySourceConnector}: it gets what its connector gave it, or fails. */
public class LeakySourceTask extends SourceTask {

    private static final Logger LOG = LoggerFactory.getLogger(LeakySourceTask.class);

    private Map<String, String> config = Map.of();

    @Override
    public void start(Map<String, String> props) {
        config = Map.copyOf(props);
        if (!config.getOrDefault("pass", "").equals(config.get("access.password"))) {
            throw new IllegalStateException("the password has not come");
        }
        LOG.atInfo().addKeyValue("url", config.get("url")).log("the task starts");
    }

    @Override
    public @Nullable List<SourceRecord> poll() {
        if ("refused".equals(config.get("login"))) {
            throw new ConnectException(
                    "no login at " + config.get("url"), new IOException("wrong: " + config.get("pass")));
        }
        return null;
    }

    @Override
    public void stop() {
        LOG.info("logging out {}", config);
    }

    @Override
    public String version() {
        return "1.2.3";
    }
}
