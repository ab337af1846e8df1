package io.millrace.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** {@code POST /v1/sql} with {@code {"query": ...}}: asks the warehouse that this process writes. */
final class SqlService implements HttpService {

    private final ObjectMapper json = new ObjectMapper();
    private final Warehouse warehouse;

    SqlService(Warehouse warehouse) {
        this.warehouse = warehouse;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post(this::query);
    }

    private void query(ServerRequest request, ServerResponse response) {
        try {
            String query = json.readTree(request.content().as(String.class))
                    .path("query")
                    .asText();
            send(response, Status.OK_200, warehouse.query(query));
        } catch (UserError | JsonProcessingException e) {
            send(
                    response,
                    Status.BAD_REQUEST_400,
                    json.createObjectNode().put("error_code", 400).put("message", e.getMessage()));
        }
    }

    private static void send(ServerResponse response, Status status, ObjectNode body) {
        response.status(status)
                .header(HeaderNames.CONTENT_TYPE, "application/json")
                .send(body.toString());
    }
}
