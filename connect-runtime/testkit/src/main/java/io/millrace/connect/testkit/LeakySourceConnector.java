package io.millrace.connect.testkit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.source.SourceConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells its password wherever it can: in log lines, configs of tasks, messages and causes. */
public class LeakySourceConnector extends SourceConnector {

    static final ConfigDef CONFIG = new ConfigDef()
            .define("access.password", ConfigDef.Type.PASSWORD, "", Importance.HIGH, "what leaks")
            .define("login", ConfigDef.Type.STRING, "accepted", Importance.LOW, "accepted, refused or impossible");

    private static final Logger LOG = LoggerFactory.getLogger(LeakySourceConnector.class);

    private Map<String, String> config = Map.of();

    @Override
    public Config validate(Map<String, String> props) {
        Config answer = super.validate(props);
        if ("impossible".equals(props.get("login"))) {
            answer.configValues().stream()
                    .filter(value -> value.name().equals("login"))
                    .forEach(value -> value.addErrorMessage("nobody logs in with " + props.get("access.password")));
        }
        return answer;
    }

    @Override
    public void start(Map<String, String> props) {
        config = Map.copyOf(props);
        LOG.info("about to log in with {}", new AbstractConfig(CONFIG, props).originals());
    }

    @Override
    public Class<? extends Task> taskClass() {
        return LeakySourceTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        String password = config.getOrDefault("access.password", "");
        Map<String, String> task = new HashMap<>(config);
        task.put("pass", password);
        task.put("url", "jdbc:leaky://me:" + URLEncoder.encode(password, StandardCharsets.UTF_8) + "@host/db");
        return List.of(task);
    }

    @Override
    public void stop() {}

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public String version() {
        return "1.2.3";
    }
}
