package io.millrace.connect.plugin;

import io.millrace.connect.secret.Keyring;
import io.millrace.connect.secret.SecretWords;
import io.millrace.connect.secret.Vault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps secrets out of everything but plugins. A value is secret when its definition says so ({@code PASSWORD}), or,
 * for a key that nothing defines, when its name does; one that only names where the secret lies, such as
 * {@code ${file:/path:key}}, is none.
 *
 * <p>A config has its secrets in the clear when it is given and when a plugin gets it ({@link #revealed}); everywhere
 * between, in memory and in the log, they are sealed ({@link #sealed}), and they are shown as {@link #MASK}
 * ({@link #masked}). Whatever was revealed is known from then on and masked in texts of others ({@link #shown}).
 *
 * <p><b>Threads.</b> Any.
 */
public final class Secrets {

    /** What is shown in place of a secret. */
    public static final String MASK = Password.HIDDEN;

    private static final Logger LOG = LoggerFactory.getLogger(Secrets.class);
    private static final int KNOWN_CONFIGS_MAX = 2_000;
    private static final Set<String> SWITCHES = Set.of("true", "false");
    private static final Pattern TELLING_NAME = Pattern.compile(
            ".*(?:password|passphrase|secret|token|credentials?|private\\.?key|jaas\\.config).*",
            Pattern.CASE_INSENSITIVE);

    private final Plugins plugins;
    private final ConfigVariables variables;
    private final Vault vault;
    private final SecretWords words = new SecretWords();
    private final Map<Map<String, String>, Definitions> known = new ConcurrentHashMap<>();

    /** Which keys are defined as secrets, and which as something else. */
    private record Definitions(Set<String> passwords, Set<String> others) {

        boolean hide(String key, String value) {
            boolean told = !others.contains(key)
                    && !SWITCHES.contains(value)
                    && TELLING_NAME.matcher(key).matches();
            return !value.isEmpty() && (passwords.contains(key) || told);
        }
    }

    /**
     * @param keys what secrets are sealed with
     * @param variables what values may refer to
     */
    public Secrets(Plugins plugins, ConfigVariables variables, Keyring keys) {
        this.plugins = plugins;
        this.variables = variables;
        this.vault = new Vault(keys);
    }

    private Definitions definitions(Map<String, String> config) {
        if (known.size() > KNOWN_CONFIGS_MAX) {
            known.clear();
        }
        Definitions found = known.get(config);
        if (found == null) {
            // Not under the map's own lock: a plugin is asked, and may not come back.
            found = askPlugins(config);
            known.put(config, found);
        }
        return found;
    }

    private Definitions askPlugins(Map<String, String> config) {
        Set<String> passwords = new HashSet<>();
        Set<String> others = new HashSet<>();
        definedKeys(config).forEach((name, key) -> {
            Set<String> kind = key.type == ConfigDef.Type.PASSWORD ? passwords : others;
            kind.add(name);
        });
        return new Definitions(passwords, others);
    }

    private Map<String, ConfigKey> definedKeys(Map<String, String> config) {
        try {
            PluginDescriptor connector = plugins.connectorOf(config);
            Map<String, ConfigKey> definitions = new HashMap<>(new EmbeddedKeys(plugins, config)
                    .definition(connector.type())
                    .configKeys());
            new ConfigValidator(plugins, Map.of(), ConfigValidator.Rules.DEFAULTS)
                    .definitions(connector)
                    .forEach(definitions::putIfAbsent);
            return definitions;
        } catch (RuntimeException | LinkageError e) {
            // A plugin may throw anything; what is wrong with it is told where it is validated or started.
            LOG.atDebug().setCause(e).log("a connector's definitions are not there, secrets are told by name");
            return Map.of();
        }
    }

    private boolean isClear(Definitions definitions, String key, String value) {
        return !Vault.isSealed(value) && definitions.hide(key, value) && !variables.isReference(value);
    }

    /** The config as it may be shown. Loads the connector to see its definitions. */
    public Map<String, String> masked(Map<String, String> config) {
        Definitions definitions = definitions(Map.copyOf(config));
        Map<String, String> shown = new TreeMap<>(config);
        shown.replaceAll((key, value) -> Vault.isSealed(value) || isClear(definitions, key, value) ? MASK : value);
        return shown;
    }

    /** A text that somebody else wrote, as it may be shown. */
    public String shown(String text) {
        return words.masked(text);
    }

    /** The secrets that were revealed. */
    public SecretWords words() {
        return words;
    }

    /**
     * Puts the stored values back where an update carries a mask.
     *
     * @throws ConfigException when nothing is stored under such a key, or the update brings a sealed value
     */
    public static Map<String, String> unmasked(Map<String, String> update, Map<String, String> stored) {
        Map<String, String> whole = new HashMap<>(update);
        whole.replaceAll((key, value) -> {
            if (Vault.isSealed(value)) {
                throw new ConfigException("The value of \"%s\" is sealed: give the value itself, or the mask %s to keep"
                                .formatted(key, MASK)
                        + " the one that is stored");
            }
            return value.equals(MASK) ? storedFor(key, stored) : value;
        });
        return whole;
    }

    /** A stored config as an update that changes nothing: with masks in place of what is sealed. */
    public static Map<String, String> kept(Map<String, String> stored) {
        Map<String, String> kept = new HashMap<>(stored);
        kept.replaceAll((key, value) -> Vault.isSealed(value) ? MASK : value);
        return kept;
    }

    private static String storedFor(String key, Map<String, String> stored) {
        String value = stored.get(key);
        if (value == null) {
            throw new ConfigException(
                    ("The value of \"%s\" is the mask %s, which stands for the value that is stored, and "
                                    + "none is stored under that key: give the value itself")
                            .formatted(key, MASK));
        }
        return value;
    }

    /** Makes the secrets of a config known before it is handed to a plugin, so that none shows in what it answers. */
    public Map<String, String> revealed(Map<String, String> config) {
        return revealed(config.getOrDefault(ConnectorKeys.NAME, ""), "", config);
    }

    /**
     * The config of a connector, or of one of its tasks, as its plugin gets it: secrets opened, values in place of
     * variables.
     *
     * @throws ConfigException when a secret cannot be opened, or a variable has no value
     */
    public Map<String, String> revealed(String connector, Map<String, String> config) {
        return revealed(connector, connector, config);
    }

    private Map<String, String> revealed(String connector, String owner, Map<String, String> config) {
        Definitions definitions = definitions(Map.copyOf(config));
        Map<String, String> opened = opened(connector, config);
        Map<String, String> resolved = variables.resolve(opened);
        List<String> secret = new ArrayList<>();
        config.forEach((key, value) -> {
            String clear = opened.getOrDefault(key, "");
            // What merely holds a secret that is known, as an address may, is of use where it is told.
            if (definitions.hide(key, value) || (Vault.isSealed(value) && !words.occurIn(clear))) {
                secret.add(clear);
                secret.add(resolved.getOrDefault(key, ""));
            }
        });
        words.remember(owner, secret);
        return resolved;
    }

    private Map<String, String> opened(String connector, Map<String, String> config) {
        Map<String, String> opened = new HashMap<>(config);
        opened.replaceAll((key, value) -> Vault.isSealed(value) ? vault.open(connector, key, value) : value);
        return opened;
    }

    /** Forgets the secrets of a connector that is no more. */
    public void forget(String connector) {
        words.forget(connector);
    }

    /**
     * The config as it is stored: every secret sealed with the newest key. Those that are stored already, with the
     * same value, stay as they are.
     *
     * @throws ConfigException when a secret that is sealed with an older key cannot be opened
     */
    public Map<String, String> sealed(String connector, Map<String, String> config, Map<String, String> stored) {
        Definitions definitions = definitions(Map.copyOf(config));
        Map<String, String> sealed = new HashMap<>(config);
        sealed.replaceAll((key, value) -> {
            boolean older = Vault.isSealed(value) && !vault.isCurrent(value);
            String clear = older ? vault.open(connector, key, value) : value;
            return older || isClear(definitions, key, value) ? vault.seal(connector, clear) : value;
        });
        return settled(connector, sealed, stored);
    }

    /** Whether a stored config holds a secret in the clear, or one that is not sealed with the newest key. */
    public boolean isToSeal(Map<String, String> config) {
        Definitions definitions = definitions(Map.copyOf(config));
        return config.entrySet().stream()
                .anyMatch(entry -> isClear(definitions, entry.getKey(), entry.getValue())
                        || (Vault.isSealed(entry.getValue()) && !vault.isCurrent(entry.getValue())));
    }

    /**
     * What a connector made for a task, as it is stored: variables back in their places, and whatever is or holds a
     * secret sealed.
     *
     * @param given the config of the connector, as it is stored
     */
    public Map<String, String> concealed(String connector, Map<String, String> made, Map<String, String> given) {
        Map<String, String> revealed = revealed(connector, given);
        Definitions definitions = definitions(Map.copyOf(given));
        Map<String, String> concealed = new HashMap<>(made);
        given.forEach((key, text) -> {
            String value = concealed.get(key);
            if (value != null && value.equals(revealed.get(key))) {
                concealed.put(key, text);
            }
        });
        concealed.replaceAll((key, value) -> {
            boolean plain = value == null
                    || Vault.isSealed(value)
                    || !(isClear(definitions, key, value) || words.occurIn(value));
            return plain ? value : vault.seal(connector, value);
        });
        return concealed;
    }

    /** The config with the stored text of every secret that has not changed: what is sealed anew looks different. */
    public Map<String, String> settled(String connector, Map<String, String> sealed, Map<String, String> stored) {
        Map<String, String> settled = new HashMap<>(sealed);
        settled.replaceAll((key, value) -> {
            String before = stored.get(key);
            boolean same = before != null
                    && value != null
                    && vault.isCurrent(before)
                    && vault.isCurrent(value)
                    && vault.open(connector, key, before).equals(vault.open(connector, key, value));
            return same ? before : value;
        });
        return settled;
    }
}
