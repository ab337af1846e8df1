package io.millrace.connect.plugin;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTaskContext;
import org.apache.maven.artifact.versioning.ArtifactVersion;
import org.apache.maven.artifact.versioning.DefaultArtifactVersion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All plugins that this worker can run: those of its class path, and those below the directories of
 * {@code plugin.path}, where each sub-directory and each jar is isolated from all others unless it stands on the class
 * path as well.
 *
 * <p>A plugin is named by its class, by the simple name of its class, or by that without the suffix of its kind
 * ({@code FileStreamSink} for {@code ...FileStreamSinkConnector}), as far as only one plugin has that name. The same
 * class in several places is several versions of one plugin (KIP-891).
 *
 * <p><b>Threads.</b> Any.
 */
public final class Plugins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);
    private static final ClassLoader RUNTIME = Plugins.class.getClassLoader();

    /** One for all classes that are found without a manifest, so that the same class is always the same plugin. */
    private static final PluginLocation ON_CLASS_PATH = PluginLocation.classPath(RUNTIME);

    private static final String UNDEFINED = "undefined";
    private static final Set<PluginType> CONNECTORS = Set.of(PluginType.SINK, PluginType.SOURCE);

    private final List<PluginLocation> locations;
    private final List<PluginDescriptor> plugins;
    private final List<BrokenPlugin> broken;
    private final Map<PluginDescriptor, String> versions = new ConcurrentHashMap<>();

    private Plugins(List<PluginLocation> locations, List<PluginDescriptor> plugins, List<BrokenPlugin> broken) {
        this.locations = List.copyOf(locations);
        this.plugins = List.copyOf(plugins);
        this.broken = List.copyOf(broken);
    }

    /**
     * Looks at every location. One that cannot be read is reported in {@link #broken()} and left out.
     *
     * @throws PluginFailure when a directory of the path is not there
     */
    public static Plugins discover(List<Path> pluginPath) {
        RuntimeView runtime = RuntimeView.of(Plugins.class.getClassLoader(), pluginPath);
        List<PluginLocation> locations = new ArrayList<>();
        List<PluginDescriptor> plugins = new ArrayList<>();
        List<BrokenPlugin> broken = new ArrayList<>();
        try {
            PluginLocation classPath = PluginLocation.classPath(runtime);
            plugins.addAll(PluginScanner.scanClassPath(classPath));
            for (Path directory : pluginPath) {
                requireDirectory(directory);
                List<PluginLocation> below = PluginLocation.below(directory, runtime);
                locations.addAll(below);
                scan(directory, below, plugins, broken);
            }
        } catch (IOException e) {
            throw new PluginFailure("plugin.path cannot be read: " + e.getMessage(), e);
        }
        return new Plugins(locations, plugins, broken);
    }

    private static void requireDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new PluginFailure(
                    "plugin.path names %s, which is not a directory: create it, or correct the path"
                            .formatted(directory),
                    null);
        }
    }

    private static void scan(
            Path directory, List<PluginLocation> below, List<PluginDescriptor> plugins, List<BrokenPlugin> broken) {
        PluginIndex index = new PluginIndex(directory);
        for (PluginLocation location : below) {
            try {
                plugins.addAll(PluginScanner.scan(location, index));
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("location", location.name())
                        .setCause(e)
                        .log("plugin cannot be read, left out");
                broken.add(new BrokenPlugin(location.name(), "cannot be read: " + e.getMessage()));
            }
        }
        index.save();
    }

    /** Every plugin that a connector's config may name, by kind and class name. */
    public List<PluginDescriptor> all() {
        return plugins.stream()
                .filter(plugin -> plugin.type().isOfConnectors())
                .sorted(Comparator.comparing(PluginDescriptor::type).thenComparing(PluginDescriptor::className))
                .toList();
    }

    /** What could not be read. */
    public List<BrokenPlugin> broken() {
        return broken;
    }

    /**
     * Finds the connector that a config names, by class name or alias, in the version that it asks for.
     *
     * @throws ConfigException when that is no version
     * @throws PluginFailure when there is none, with what there is
     */
    public PluginDescriptor connectorOf(Map<String, String> config) {
        String name = config.getOrDefault(ConnectorKeys.CONNECTOR_CLASS, "").strip();
        return get("connector", name, CONNECTORS, versionOf(config));
    }

    /** The same; empty where there is none. */
    public Optional<PluginDescriptor> findConnectorOf(Map<String, String> config) {
        return find(config.getOrDefault(ConnectorKeys.CONNECTOR_CLASS, "").strip(), CONNECTORS, versionOf(config));
    }

    private static WantedVersion versionOf(Map<String, String> config) {
        return WantedVersion.of(ConnectorKeys.CONNECTOR_VERSION, config.get(ConnectorKeys.CONNECTOR_VERSION));
    }

    /** Finds the newest connector by class name or alias. */
    public PluginDescriptor connector(String name) {
        return get("connector", name, CONNECTORS, WantedVersion.ANY);
    }

    /** Finds any other plugin by class name or alias. */
    PluginDescriptor get(PluginType type, String name, WantedVersion version) {
        return get(type.restName(), name, EnumSet.of(type), version);
    }

    private PluginDescriptor get(String kind, String name, Set<PluginType> types, WantedVersion version) {
        return find(name, types, version)
                .orElseThrow(() -> new PluginFailure(
                        version.isAny() ? notFound(kind, name, types::contains) : notThere(name, types, version),
                        null));
    }

    private String notThere(String name, Set<PluginType> types, WantedVersion version) {
        List<String> there = versions(name, types);
        return there.isEmpty()
                ? notFound(name, name, types::contains)
                : "%s is not installed in version %s; there are: %s".formatted(name, version, String.join(", ", there));
    }

    /** The versions in which a plugin is installed, the oldest first. */
    List<String> versions(String name, Set<PluginType> types) {
        return named(name, types).stream()
                .map(this::version)
                .distinct()
                .sorted(Comparator.comparing(DefaultArtifactVersion::new))
                .toList();
    }

    private String notFound(String kind, String name, Predicate<PluginType> kinds) {
        List<String> known = plugins.stream()
                .filter(plugin -> kinds.test(plugin.type()))
                .map(PluginDescriptor::className)
                .distinct()
                .sorted()
                .toList();
        return "Failed to find any class that implements %s and which name matches %s, available ones are: %s"
                .formatted(kind, name, String.join(", ", known));
    }

    /** Finds the newest plugin of one of these kinds by class name or alias. */
    public Optional<PluginDescriptor> find(String name, Set<PluginType> types) {
        return find(name, types, WantedVersion.ANY);
    }

    /**
     * The same in a version.
     *
     * @param version in Maven's notation, as in configs; empty: any
     */
    public Optional<PluginDescriptor> find(String name, Set<PluginType> types, String version) {
        return find(name, types, WantedVersion.of("version", version));
    }

    Optional<PluginDescriptor> find(String name, Set<PluginType> types, WantedVersion version) {
        return newest(named(name, types).stream()
                .filter(plugin -> version.isAny() || version.takes(version(plugin)))
                .toList());
    }

    /** The places of the plugin that goes by this name. */
    private List<PluginDescriptor> named(String name, Set<PluginType> types) {
        List<PluginDescriptor> candidates =
                plugins.stream().filter(plugin -> types.contains(plugin.type())).toList();
        List<PluginDescriptor> byClass = candidates.stream()
                .filter(plugin -> plugin.className().equals(name))
                .toList();
        List<PluginDescriptor> found = byClass.isEmpty() ? byAlias(candidates, name) : byClass;
        return found.isEmpty() ? onClassPath(name, types).stream().toList() : found;
    }

    private static List<PluginDescriptor> byAlias(List<PluginDescriptor> candidates, String name) {
        List<PluginDescriptor> matches = candidates.stream()
                .filter(plugin -> plugin.simpleName().equals(name)
                        || plugin.shownName().equals(name)
                        || plugin.simpleName().equals(name + plugin.type().suffix()))
                .toList();
        boolean unambiguous =
                matches.stream().map(PluginDescriptor::className).distinct().count() == 1;
        return unambiguous ? matches : List.of();
    }

    /** Of the same class in several places the one with the highest version, as in Kafka Connect; then the last. */
    private Optional<PluginDescriptor> newest(List<PluginDescriptor> places) {
        if (places.size() < 2) {
            return places.stream().findFirst();
        }
        Comparator<PluginDescriptor> byVersion = Comparator.comparing(plugin -> comparable(version(plugin)));
        return places.stream().reduce((one, next) -> byVersion.compare(one, next) > 0 ? one : next);
    }

    private static ArtifactVersion comparable(String version) {
        return new DefaultArtifactVersion(version.equals(UNDEFINED) ? "0" : version);
    }

    /** A class on the runtime's own class path needs no manifest when its full name is given. */
    private static Optional<PluginDescriptor> onClassPath(String name, Set<PluginType> types) {
        try {
            Class<?> type = Class.forName(name, false, RUNTIME);
            return types.stream()
                    .filter(kind -> kind.base().isAssignableFrom(type))
                    .findFirst()
                    .map(kind -> new PluginDescriptor(kind, name, ON_CLASS_PATH));
        } catch (ClassNotFoundException | LinkageError e) {
            return Optional.empty();
        }
    }

    /**
     * Makes a new object of the plugin's class, with its loader as context.
     *
     * @throws PluginFailure when its class cannot be loaded or its constructor throws
     */
    public <T> T newInstance(PluginDescriptor plugin, Class<T> type) {
        return newInstance(plugin.className(), plugin.loader(), type);
    }

    /** Makes a new object of any class that the loader can see, such as a connector's task. */
    public <T> T newInstance(String className, ClassLoader loader, Class<T> type) {
        try (LoaderScope _ = LoaderScope.of(loader)) {
            Object made = Class.forName(className, true, loader)
                    .getDeclaredConstructor()
                    .newInstance();
            return type.cast(made);
        } catch (InvocationTargetException e) {
            throw new PluginFailure("the constructor of %s failed: %s".formatted(className, e.getCause()), e);
        } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
            throw new PluginFailure("%s cannot be loaded as %s: %s".formatted(className, type.getSimpleName(), e), e);
        }
    }

    /**
     * The context of a sink task as its plugin shall see it: one from a place of its own may look for Kafka Connect's.
     *
     * @param context what the task may do by the Connect API
     * @param consumer what it may do besides
     */
    public SinkTaskContext sinkContext(
            PluginDescriptor plugin, SinkTaskContext context, Consumer<byte[], byte[]> consumer) {
        if (!(plugin.loader() instanceof PluginClassLoader own)) {
            return context;
        }
        try {
            return (SinkTaskContext) own.loadClass(KafkaSinkContext.SHOWN_NAME)
                    .getConstructor(SinkTaskContext.class, Consumer.class)
                    .newInstance(context, consumer);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new PluginFailure("no context can be made for a task of " + plugin.className(), e);
        }
    }

    /** Makes of a sink's record what its plugin shall see: one from a place of its own may look for Kafka Connect's. */
    public UnaryOperator<SinkRecord> sinkRecords(PluginDescriptor plugin) {
        if (!(plugin.loader() instanceof PluginClassLoader own)) {
            return UnaryOperator.identity();
        }
        try {
            Constructor<?> maker = own.loadClass(KafkaSinkRecord.SHOWN_NAME).getConstructor(SinkRecord.class);
            return record -> shown(maker, record);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new PluginFailure("no records can be made for a task of " + plugin.className(), e);
        }
    }

    private static SinkRecord shown(Constructor<?> maker, SinkRecord record) {
        try {
            return (SinkRecord) maker.newInstance(record);
        } catch (ReflectiveOperationException e) {
            throw new PluginFailure("a record cannot be shown to a task", e);
        }
    }

    /** The version that the plugin gives itself, or {@code undefined}. Loads the plugin when first asked. */
    public String version(PluginDescriptor plugin) {
        return versions.computeIfAbsent(plugin, this::readVersion);
    }

    private String readVersion(PluginDescriptor plugin) {
        try (LoaderScope _ = LoaderScope.of(plugin.loader())) {
            Object made = newInstance(plugin, Object.class);
            String version = made instanceof Versioned versioned ? versioned.version() : null;
            return version == null ? UNDEFINED : version;
        } catch (RuntimeException | LinkageError e) {
            LOG.atWarn().addKeyValue("plugin", plugin.className()).setCause(e).log("plugin does not tell its version");
            return UNDEFINED;
        }
    }

    /** A loader that finds every plugin by class name or alias: the context for reading keys that name plugins. */
    ClassLoader names() {
        return new PluginNamesLoader(this);
    }

    /** Closes the jars. Nothing of a plugin may run any more. */
    @Override
    public void close() {
        for (PluginLocation location : locations) {
            try {
                location.close();
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("location", location.name())
                        .setCause(e)
                        .log("plugin did not close");
            }
        }
    }
}
