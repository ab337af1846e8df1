package io.millrace.connect.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;

/** Has one value for every key, which its own key {@code answer} says; only with its own loader as context. */
public class AnsweringConfigProvider implements ConfigProvider {

    private String answer = "";

    @Override
    public void configure(Map<String, ?> configs) {
        answer = String.valueOf(configs.get("answer"));
    }

    @Override
    public ConfigData get(String path) {
        return get(path, Set.of());
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
        if (!getClass().getClassLoader().equals(Thread.currentThread().getContextClassLoader())) {
            throw new IllegalStateException("called with another's loader as context");
        }
        Map<String, String> data = new HashMap<>();
        keys.forEach(key -> data.put(key, answer));
        return new ConfigData(data);
    }

    @Override
    public void close() {}
}
