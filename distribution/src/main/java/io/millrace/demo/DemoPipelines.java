package io.millrace.demo;

import io.millrace.platform.ConnectorFile;
import io.millrace.platform.RestApi;
import io.millrace.platform.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The demo's connectors, as the files of {@code configs/demo} say, in the order of their names. Addresses that are
 * known only at run time stand in the files as <code>${name}</code>.
 */
final class DemoPipelines {

    static final String FAKER = "shop";
    static final String TO_POSTGRES = "shop-postgres";
    static final String CDC = "postgres-cdc";
    static final String WAREHOUSE = "warehouse";
    static final String LAKE = "lake";

    /** How many of the connectors, in order, bring the shop into PostgreSQL. */
    static final int UNTIL_POSTGRES = 2;

    /** What stands before a table's name in the topics of changes. */
    static final String CDC_PREFIX = "pg.public.";

    private DemoPipelines() {}

    /** Reads the files and puts {@code values} in the place of their names. */
    static List<ConnectorFile> read(Path directory, Map<String, String> values) {
        try (Stream<Path> files = Files.list(directory)) {
            List<ConnectorFile> connectors = new ArrayList<>();
            for (Path file : files.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                ConnectorFile.read(file).forEach(connector -> connectors.add(fill(connector, values)));
            }
            return connectors;
        } catch (IOException e) {
            throw new UserError("the demo's configs are missing: no readable folder " + directory, e);
        }
    }

    private static ConnectorFile fill(ConnectorFile connector, Map<String, String> values) {
        Map<String, String> config = new LinkedHashMap<>();
        connector.config().forEach((key, value) -> {
            String filled = value;
            for (Map.Entry<String, String> entry : values.entrySet()) {
                filled = filled.replace("${" + entry.getKey() + "}", entry.getValue());
            }
            config.put(key, filled);
        });
        return new ConnectorFile(connector.name(), config);
    }

    /** Creates the connectors, or changes them to what the files say now. */
    static void apply(List<ConnectorFile> connectors, RestApi rest) throws InterruptedException {
        for (ConnectorFile connector : connectors) {
            rest.put(RestApi.connector(connector.name(), "/config"), connector.config());
        }
    }
}
