package io.millrace.connect.plugin;

import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef.Recommender;

/** Offers the plugins of one kind as the values of a key. */
final class PluginChoice implements Recommender {

    private final List<Object> names;

    PluginChoice(Plugins plugins, PluginType kind) {
        this.names = List.copyOf(plugins.all().stream()
                .filter(plugin -> plugin.type() == kind)
                .map(PluginDescriptor::shownName)
                .distinct()
                .toList());
    }

    @Override
    public List<Object> validValues(String name, Map<String, Object> parsed) {
        return names;
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsed) {
        return true;
    }
}
