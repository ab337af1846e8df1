package io.millrace.demo;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

    /** They may start before PostgreSQL does. */
    static final Set<String> WITHOUT_POSTGRES = Set.of(FAKER, WAREHOUSE, LAKE);

    /** What stands before a table's name in the topics of changes. */
    static final String CDC_PREFIX = "pg.public.";

    private static final String FAKER_ROWS = "rows";
    private static final String FIRST_ROWS = "500";

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

    /** The faker as it starts: no more rows than it takes for every table to be made. */
    static ConnectorFile restrained(ConnectorFile faker) {
        Map<String, String> config = new LinkedHashMap<>(faker.config());
        config.merge(FAKER_ROWS, FIRST_ROWS, (all, first) -> Long.parseLong(all) < Long.parseLong(first) ? all : first);
        return new ConnectorFile(faker.name(), config);
    }

    /** True if every connector has tasks, and all of them run. */
    static boolean allRun(List<ConnectorFile> connectors, RestApi rest) throws InterruptedException {
        for (ConnectorFile connector : connectors) {
            JsonNode tasks =
                    rest.get(RestApi.connector(connector.name(), "/status")).path("tasks");
            boolean runs = !tasks.isEmpty();
            for (JsonNode task : tasks) {
                runs &= "RUNNING".equals(task.path("state").asText());
            }
            if (!runs) {
                return false;
            }
        }
        return true;
    }

    /** Creates the connectors, or changes them to what the files say now; all at once, as each loads its plugin. */
    static void apply(List<ConnectorFile> connectors, RestApi rest) throws InterruptedException {
        try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<JsonNode>> puts = new ArrayList<>();
            for (ConnectorFile connector : connectors) {
                puts.add(() -> rest.put(RestApi.connector(connector.name(), "/config"), connector.config()));
            }
            for (Future<JsonNode> put : requests.invokeAll(puts)) {
                put.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UserError known ? known : new IllegalStateException(e.getCause());
        }
    }
}
