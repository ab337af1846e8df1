package io.millrace.connector.jdbc;

import io.millrace.connector.tables.TableSinkConfig;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** The keys of the JDBC sink, besides those of every table sink. */
final class JdbcConfig extends AbstractConfig {

    static final String URL = "connection.url";
    static final String USER = "connection.user";
    static final String PASSWORD = "connection.password";
    static final String PROPERTIES = "connection.properties.";

    /** Settings of the driver that load classes into the worker: not for who may only make connectors. */
    private static final Set<String> REFUSED = Set.of(
            PGProperty.SOCKET_FACTORY.getName(),
            PGProperty.SOCKET_FACTORY_ARG.getName(),
            PGProperty.SSL_FACTORY.getName(),
            PGProperty.SSL_FACTORY_ARG.getName(),
            PGProperty.SSL_HOSTNAME_VERIFIER.getName(),
            PGProperty.SSL_PASSWORD_CALLBACK.getName(),
            PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.getName(),
            PGProperty.XML_FACTORY_FACTORY.getName());

    /** Why a setting is refused. */
    static final String REASON = "is a setting of the driver that loads classes: leave it out";

    JdbcConfig(Map<String, String> settings) {
        super(keys(), settings);
        refuse(settings.keySet());
    }

    static ConfigDef keys() {
        return TableSinkConfig.keys()
                .define(
                        URL,
                        ConfigDef.Type.STRING,
                        ConfigDef.NO_DEFAULT_VALUE,
                        ConfigDef.LambdaValidator.with(
                                JdbcConfig::checkUrl, () -> "jdbc:postgresql://HOST:PORT/DATABASE"),
                        Importance.HIGH,
                        "The database, as jdbc:postgresql://HOST:PORT/DATABASE.")
                .define(USER, ConfigDef.Type.STRING, null, Importance.HIGH, "The role that writes.")
                .define(PASSWORD, ConfigDef.Type.PASSWORD, null, Importance.HIGH, "Its password.");
    }

    private static void checkUrl(String key, @Nullable Object value) {
        if (value == null) {
            return; // the missing key is reported already
        }
        Properties parsed = Driver.parseURL(value.toString(), new Properties());
        if (parsed == null) {
            throw new ConfigException(key, null, "must be a URL of the form jdbc:postgresql://HOST:PORT/DATABASE");
        }
        refuse(parsed.stringPropertyNames());
        if (parsed.containsKey(PGProperty.PASSWORD.getName())) {
            throw new ConfigException(
                    key, null, "must not hold the password: everybody could read it. Use " + PASSWORD);
        }
    }

    /** The first of some settings that the driver must not get, or null. */
    static @Nullable String refused(Set<String> names) {
        for (String name : new TreeSet<>(names)) {
            String property = name.startsWith(PROPERTIES) ? name.substring(PROPERTIES.length()) : name;
            if (REFUSED.contains(property)) {
                return name;
            }
        }
        return null;
    }

    private static void refuse(Set<String> names) {
        String name = refused(names);
        if (name != null) {
            throw new ConfigException(name + " " + REASON);
        }
    }

    String url() {
        return getString(URL);
    }

    /** What the driver gets besides the URL. */
    Properties driverProperties() {
        Properties properties = new Properties();
        originalsWithPrefix(PROPERTIES).forEach((name, value) -> properties.setProperty(name, String.valueOf(value)));
        PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
        String user = getString(USER);
        if (user != null) {
            PGProperty.USER.set(properties, user);
        }
        Password password = getPassword(PASSWORD);
        if (password != null) {
            PGProperty.PASSWORD.set(properties, password.value());
        }
        return properties;
    }
}
