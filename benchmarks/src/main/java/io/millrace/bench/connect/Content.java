package io.millrace.bench.connect;

import io.millrace.bench.plugin.Form;
import java.util.LinkedHashMap;
import java.util.Map;

/** What flows: the form that the source gives, the bytes in the log, and three transforms that go with them. */
enum Content {
    JSON_WITH_SCHEMAS("JSON with schemas", Form.STRUCT),
    JSON("JSON without schemas", Form.MAP),
    BYTES("bytes", Form.BYTES);

    private static final String TRANSFORMS = "org.apache.kafka.connect.transforms.";

    private final String title;
    private final Form form;

    Content(String title, Form form) {
        this.title = title;
        this.form = form;
    }

    String title() {
        return title;
    }

    Form form() {
        return form;
    }

    /** The keys of a connector that name its converters. */
    Map<String, String> converters() {
        return switch (this) {
            case JSON_WITH_SCHEMAS -> json(true);
            case JSON -> json(false);
            case BYTES -> {
                String bytes = "org.apache.kafka.connect.converters.ByteArrayConverter";
                yield Map.of("key.converter", bytes, "value.converter", bytes);
            }
        };
    }

    private static Map<String, String> json(boolean schemas) {
        String json = "org.apache.kafka.connect.json.JsonConverter";
        return Map.of(
                "key.converter",
                json,
                "key.converter.schemas.enable",
                Boolean.toString(schemas),
                "value.converter",
                json,
                "value.converter.schemas.enable",
                Boolean.toString(schemas));
    }

    /** The keys of the source's transforms. */
    Map<String, String> sourceTransforms() {
        return this == BYTES ? aroundBytes() : ofColumns("origin", "status", "customer:int64");
    }

    /** The keys of the sink's transforms, which work on what the source's have left. */
    Map<String, String> sinkTransforms() {
        return this == BYTES ? aroundBytes() : ofColumns("reader", "paid", "amount:float32");
    }

    private static Map<String, String> ofColumns(String added, String left, String cast) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("transforms", "add,leave,cast");
        keys.put("transforms.add.type", TRANSFORMS + "InsertField$Value");
        keys.put("transforms.add.static.field", added);
        keys.put("transforms.add.static.value", "bench");
        keys.put("transforms.leave.type", TRANSFORMS + "ReplaceField$Value");
        keys.put("transforms.leave.exclude", left);
        keys.put("transforms.cast.type", TRANSFORMS + "Cast$Value");
        keys.put("transforms.cast.spec", cast);
        return keys;
    }

    private static Map<String, String> aroundBytes() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("transforms", "add,route,drop");
        keys.put("transforms.add.type", TRANSFORMS + "InsertHeader");
        keys.put("transforms.add.header", "origin");
        keys.put("transforms.add.value.literal", "bench");
        keys.put("transforms.route.type", TRANSFORMS + "RegexRouter");
        keys.put("transforms.route.regex", "(.*)");
        keys.put("transforms.route.replacement", "$1");
        keys.put("transforms.drop.type", TRANSFORMS + "DropHeaders");
        keys.put("transforms.drop.headers", "origin");
        return keys;
    }
}
