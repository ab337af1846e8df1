package io.millrace.connect.plugin;

/**
 * One plugin, found but not loaded. The same class in two locations is two plugins.
 *
 * @param type its kind; a class of two kinds is two plugins
 * @param className its class
 * @param location where it was found
 */
public record PluginDescriptor(PluginType type, String className, PluginLocation location) {

    static final String KAFKA_CONVERTERS = "org.apache.kafka.connect.converters.";
    private static final String OUR_CONVERTERS = "io.millrace.connect.record.";

    /** The loader that its classes come from, and that must be the context class loader when it is called. */
    public ClassLoader loader() {
        return location.loader();
    }

    /** Whether it comes from a place of its own, and not from the runtime's class path. */
    boolean isolated() {
        return !location.archives().isEmpty();
    }

    /** Where it was found, for people. */
    public String locationName() {
        return location.name();
    }

    /**
     * The class that answers show. Kafka packs its plainest converters into its runtime; ours, which take their place,
     * go by their names.
     */
    public String shownName() {
        return className.startsWith(OUR_CONVERTERS) ? KAFKA_CONVERTERS + simpleName() : className;
    }

    /** The class name without its package. */
    String simpleName() {
        return className.substring(className.lastIndexOf('.') + 1).replaceFirst("^.*\\$", "");
    }
}
