package io.millrace.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where two JSON trees differ, as pointers (RFC 6901) with both values. Lists are compared as sets: Kafka Connect's
 * come from hash maps. Objects in a list are told apart by what names them.
 */
final class JsonDifferences {

    private static final List<String> NAMES =
            List.of("/class", "/value/name", "/definition/name", "/name", "/id", "/partition");

    private final Map<String, String> found = new TreeMap<>();

    private JsonDifferences() {}

    /** Empty when the trees are equal. */
    static Map<String, String> between(JsonNode theirs, JsonNode ours) {
        JsonDifferences differences = new JsonDifferences();
        differences.compare("", theirs, ours);
        return differences.found;
    }

    private void compare(String pointer, JsonNode theirs, JsonNode ours) {
        if (theirs.isArray() && ours.isArray()) {
            compareFields(pointer, byName(theirs), byName(ours));
        } else if (theirs.isObject() && ours.isObject()) {
            compareFields(pointer, fields(theirs), fields(ours));
        } else if (!theirs.equals(ours)) {
            found.put(pointer, "Kafka Connect: %s, ours: %s".formatted(shown(theirs), shown(ours)));
        }
    }

    private void compareFields(String pointer, Map<String, JsonNode> theirs, Map<String, JsonNode> ours) {
        TreeSet<String> keys = new TreeSet<>(theirs.keySet());
        keys.addAll(ours.keySet());
        for (String key : keys) {
            compare(
                    pointer + "/" + key,
                    theirs.getOrDefault(key, MissingNode.getInstance()),
                    ours.getOrDefault(key, MissingNode.getInstance()));
        }
    }

    private static Map<String, JsonNode> fields(JsonNode object) {
        Map<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
        return fields;
    }

    private static Map<String, JsonNode> byName(JsonNode list) {
        Map<String, JsonNode> named = new TreeMap<>();
        for (JsonNode each : list) {
            String name = name(each);
            int copies = 1;
            String unique = name;
            while (named.containsKey(unique)) {
                copies++;
                unique = name + "#" + copies;
            }
            named.put(unique, each);
        }
        return named;
    }

    private static String name(JsonNode element) {
        for (String pointer : element.isObject() ? NAMES : List.<String>of()) {
            JsonNode name = element.at(pointer);
            if (!name.isMissingNode() && !name.isNull()) {
                return name.isTextual() ? name.asText() : name.toString();
            }
        }
        return element.toString();
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.toString();
    }
}
