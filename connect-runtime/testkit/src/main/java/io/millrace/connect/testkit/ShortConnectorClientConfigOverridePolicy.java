package io.millrace.connect.testkit;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest;

/** Lets short names of settings pass. */
public class ShortConnectorClientConfigOverridePolicy implements ConnectorClientConfigOverridePolicy {

    private static final String LETTERS = "connector.client.config.override.policy.letters";

    private int letters;

    @Override
    public void configure(Map<String, ?> configs) {
        letters = Integer.parseInt(String.valueOf(configs.get(LETTERS)));
    }

    @Override
    public List<ConfigValue> validate(ConnectorClientConfigRequest request) {
        return request.clientProps().keySet().stream().map(this::judged).toList();
    }

    private ConfigValue judged(String setting) {
        ConfigValue value = new ConfigValue(setting);
        if (setting.length() > letters) {
            value.addErrorMessage("%s has more than %d letters".formatted(setting, letters));
        }
        return value;
    }

    @Override
    public void close() {}
}
