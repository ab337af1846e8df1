package io.millrace.pipe;

import io.millrace.platform.UserError;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A PostgreSQL database, as its URL says: {@code postgresql://user:password@host:port/database}.
 *
 * @param password empty where the server asks for none
 */
record PipeSource(String host, int port, String database, String user, String password) {

    private static final int PORT_DEFAULT = 5432;

    static PipeSource parse(String url) {
        URI uri = uri(url);
        String[] login = uri.getRawUserInfo() == null
                ? new String[] {System.getProperty("user.name")}
                : uri.getRawUserInfo().split(":", 2);
        String database = uri.getPath() == null ? "" : uri.getPath().replaceFirst("^/", "");
        if (uri.getHost() == null || database.isEmpty()) {
            throw new UserError("\"" + hidePassword(url)
                    + "\" names no database: expected postgresql://user:password@host:5432/database");
        }
        return new PipeSource(
                uri.getHost(),
                uri.getPort() < 0 ? PORT_DEFAULT : uri.getPort(),
                decode(database),
                decode(login[0]),
                login.length > 1 ? decode(login[1]) : "");
    }

    static boolean isPostgres(String url) {
        return url.startsWith("postgresql://") || url.startsWith("postgres://");
    }

    private static URI uri(String url) {
        if (!isPostgres(url)) {
            throw new UserError("\"" + hidePassword(url)
                    + "\" is no source that a pipe knows: expected postgresql://user:password@host:5432/database");
        }
        try {
            return new URI(url);
        } catch (URISyntaxException e) {
            throw new UserError(
                    "\"" + hidePassword(url) + "\" is no URL: " + e.getReason()
                            + " (a password's special characters are written as %XX)",
                    e);
        }
    }

    private static String hidePassword(String url) {
        return url.replaceFirst(":[^:/@]*@", ":***@");
    }

    private static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    String jdbcUrl() {
        return "jdbc:postgresql://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + "/" + database;
    }

    /** The config of the connector that captures every table. */
    Map<String, String> connector(String slot) {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("connector.class", "io.millrace.connector.cdc.PostgresCdcSourceConnector");
        config.put("tasks.max", "1");
        config.put("topic.prefix", topicPrefix());
        config.put("database.hostname", host);
        config.put("database.port", Integer.toString(port));
        config.put("database.user", user);
        config.put("database.password", password);
        config.put("database.dbname", database);
        config.put("slot.name", slot);
        config.put("publication.name", slot);
        return config;
    }

    /** What stands before schema and table in the names of topics. */
    String topicPrefix() {
        return database.replaceAll("[^A-Za-z0-9_-]", "_");
    }
}
