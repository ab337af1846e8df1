package io.millrace.connect.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The document of the REST interface, held against the routes and against itself. */
class OpenApiTest {

    private static final Pattern PART = Pattern.compile("\\{(\\w+)}");

    private static JsonNode document;

    @BeforeAll
    static void readDocument() throws IOException {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("openapi.json")) {
            document = new ObjectMapper().readTree(in);
        }
    }

    @Test
    void describesEveryRouteAndNoOther() {
        Routes routes = new Routes(HttpRouting.builder());
        new WorkerRoutes(() -> null).route(routes);
        RestServer.addAll(routes, () -> {
            throw new AssertionError("no request is made");
        });
        Set<String> described = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(verb -> described.add(verb.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(described).containsExactlyInAnyOrderElementsOf(routes.added());
    }

    @Test
    void isOfVersion31AndRefersOnlyToWhatIsThere() {
        List<String> references = new ArrayList<>();
        document.findValues("$ref").forEach(reference -> references.add(reference.asText()));

        assertThat(document.path("openapi").asText()).startsWith("3.1.");
        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(
                                document.at(reference.substring(1)).isObject())
                        .as(reference)
                        .isTrue());
    }

    @Test
    void definesNothingThatNothingRefersTo() {
        Set<String> references = new TreeSet<>();
        document.findValues("$ref").forEach(reference -> references.add(reference.asText()));
        Set<String> defined = new TreeSet<>();
        document.path("components")
                .properties()
                .forEach(kind -> kind.getValue()
                        .fieldNames()
                        .forEachRemaining(name -> defined.add("#/components/" + kind.getKey() + "/" + name)));

        assertThat(defined).isEqualTo(references);
    }

    @Test
    void everyOperationHasANameOfItsOwnAndTheParametersOfItsPath() {
        List<String> names = new ArrayList<>();
        document.path("paths").properties().forEach(path -> {
            List<String> parts = PART.matcher(path.getKey())
                    .results()
                    .map(part -> part.group(1))
                    .toList();
            path.getValue().forEach(operation -> {
                names.add(operation.path("operationId").asText());
                assertThat(parametersOfThePath(operation)).as(path.getKey()).isEqualTo(parts);
                assertThat(operation.path("responses").size()).isPositive();
            });
        });

        assertThat(names).doesNotContain("").doesNotHaveDuplicates();
    }

    private static List<String> parametersOfThePath(JsonNode operation) {
        List<String> names = new ArrayList<>();
        operation.path("parameters").forEach(parameter -> {
            String reference = parameter.path("$ref").asText();
            if (!reference.isEmpty()) {
                names.add(document.at(reference.substring(1)).path("name").asText());
            }
        });
        return names;
    }
}
