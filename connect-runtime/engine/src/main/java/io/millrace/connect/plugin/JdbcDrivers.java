package io.millrace.connect.plugin;

import java.sql.Driver;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the JDBC drivers that a plugin brings known to {@link java.sql.DriverManager}. By itself it looks for drivers
 * once in the life of the process, at what its first caller sees; Kafka Connect does the same for its plugins.
 */
final class JdbcDrivers {

    private static final Logger LOG = LoggerFactory.getLogger(JdbcDrivers.class);

    private JdbcDrivers() {}

    /** Loads every driver that the loader finds; a driver registers itself. One that cannot be loaded is left out. */
    static void register(ClassLoader loader) {
        try {
            ServiceLoader.load(Driver.class, loader).stream().forEach(JdbcDrivers::register);
        } catch (ServiceConfigurationError e) {
            leftOut(loader.getName(), e);
        }
    }

    private static void register(ServiceLoader.Provider<Driver> driver) {
        try {
            driver.get();
        } catch (ServiceConfigurationError | LinkageError e) {
            leftOut(driver.type().getName(), e);
        }
    }

    private static void leftOut(String driver, Error cause) {
        LOG.atWarn().addKeyValue("driver", driver).setCause(cause).log("JDBC driver cannot be loaded, left out");
    }
}
