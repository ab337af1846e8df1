package io.millrace.connect.plugin;

import java.util.Optional;

/** Finds the class of any plugin by its name or alias, each through the loader of its own location. */
final class PluginNamesLoader extends ClassLoader {

    private final Plugins plugins;

    PluginNamesLoader(Plugins plugins) {
        super("plugins", Plugins.class.getClassLoader());
        this.plugins = plugins;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        Optional<PluginDescriptor> plugin = plugins.find(name, PluginType.OF_CONNECTORS);
        if (plugin.isPresent()) {
            return plugin.get().loader().loadClass(plugin.get().className());
        }
        return super.loadClass(name, resolve);
    }
}
