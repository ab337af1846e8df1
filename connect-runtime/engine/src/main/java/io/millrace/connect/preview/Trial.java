package io.millrace.connect.preview;

import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginFactory;
import io.millrace.connect.task.RecordParts;
import io.millrace.connect.task.TaskEnvironment;
import java.util.Map;

/**
 * What one preview works with.
 *
 * @param name the connector's
 * @param config with values in place of its variables, and changed so that the preview leaves nothing behind
 * @param findings where to put what is found
 */
record Trial(
        TaskEnvironment environment,
        PluginDescriptor plugin,
        String name,
        Map<String, String> config,
        Findings findings) {

    ConnectorSettings settings() {
        return new ConnectorSettings(
                environment.plugins(),
                plugin.type(),
                config,
                environment.settings().converters());
    }

    RecordParts parts() {
        return new RecordParts(new PluginFactory(environment.plugins()), settings());
    }
}
