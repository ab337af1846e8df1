package io.millrace.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A connector as it stands in a JSON file: {@code {"name": ..., "config": {...}}}, a flat object with {@code name} in
 * it, or an array of either. The same forms that people hand to Kafka Connect.
 *
 * @param config every key but the name; values as text, as the REST interface wants them
 */
public record ConnectorFile(String name, Map<String, String> config) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, String>> TEXTS = new TypeReference<>() {};

    public ConnectorFile {
        config = Map.copyOf(config);
    }

    /** Reads all connectors of a file, in order. */
    public static List<ConnectorFile> read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (NoSuchFileException e) {
            throw new UserError("there is no file " + file, e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** @param where what the text came from, for messages */
    public static List<ConnectorFile> parse(String text, String where) {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UserError(
                    where + " is no JSON: " + e.getOriginalMessage() + " at line "
                            + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr(),
                    e);
        }
        List<ConnectorFile> connectors = new ArrayList<>();
        for (JsonNode node : root.isArray() ? root : List.of(root)) {
            connectors.add(connector(node, where));
        }
        return connectors;
    }

    private static ConnectorFile connector(JsonNode node, String where) {
        String name = node.path("name").asText();
        if (!node.isObject() || name.isEmpty()) {
            throw new UserError(where + " holds no connector: expected an object with \"name\" and \"config\"");
        }
        Map<String, String> config = JSON.convertValue(node.has("config") ? node.get("config") : node, TEXTS);
        config.remove("name");
        return new ConnectorFile(name, config);
    }
}
