package io.millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.platform.RestApi;
import io.millrace.platform.Warehouse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks the warehouse. */
@Command(
        name = "sql",
        description = {
            "Run a DuckDB query on the warehouse, or on a file.",
            "The warehouse is that of the running demo or pipe; a file must not be open in another process."
        },
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace sql 'SHOW TABLES'",
            "  millrace sql 'SELECT status, count(*) FROM orders GROUP BY status'",
            "  millrace sql --file shop.duckdb 'SELECT count(*) FROM customers'",
            "  millrace sql --file :memory: \"SELECT count(*) FROM 'out/*/*/*.parquet'\""
        })
final class SqlCommand implements Callable<Integer> {

    @Mixin
    private RestAddress rest = new RestAddress();

    @Option(names = "--file", paramLabel = "FILE", description = "a DuckDB file that no process has open")
    private @Nullable Path file;

    @Parameters(paramLabel = "QUERY")
    private String query = "";

    @Override
    public Integer call() throws InterruptedException {
        JsonNode answer = file == null ? askRunning() : new Warehouse(file).query(query);
        Table table = new Table(
                answer.path("columns").valueStream().map(JsonNode::asText).toArray(String[]::new));
        for (JsonNode row : answer.path("rows")) {
            table.row(row.valueStream().map(SqlCommand::cell).toArray());
        }
        table.print(System.out);
        if (answer.path("more").asBoolean()) {
            System.err.println("millrace: there are more rows than are shown; narrow the query or use LIMIT");
        }
        return 0;
    }

    private JsonNode askRunning() throws InterruptedException {
        try (RestApi api = rest.open()) {
            return api.post("/v1/sql", Map.of("query", query));
        }
    }

    private static String cell(JsonNode value) {
        return value.isNull() ? "NULL" : value.asText();
    }
}
