package io.millrace.connect.rest;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.plugin.ConfigReport;
import io.millrace.connect.plugin.ConfigValidator;
import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.KeyReport;
import io.millrace.connect.plugin.PluginDescriptor;
import io.millrace.connect.plugin.PluginFailure;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.plugin.Plugins;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.jspecify.annotations.Nullable;

/** What can be run, and how it is configured. */
final class PluginRoutes {

    private final Supplier<Services> services;

    PluginRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/connector-plugins", this::list)
                .on(Method.GET, "/connector-plugins/{name}/config", this::definitions)
                .on(Method.PUT, "/connector-plugins/{name}/config/validate", this::validate);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Plugins plugins = services.get().plugins();
        boolean connectorsOnly = request.query()
                .first("connectorsOnly")
                .map(Boolean::parseBoolean)
                .orElse(true);
        List<Object> body = new ArrayList<>();
        for (PluginDescriptor plugin : plugins.all()) {
            if (plugin.type().isConnector() || !connectorsOnly) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("class", plugin.shownName());
                entry.put("type", plugin.type().restName());
                entry.put("version", plugins.version(plugin));
                body.add(entry);
            }
        }
        Json.send(response, Status.OK_200, body);
    }

    private void definitions(ServerRequest request, ServerResponse response) {
        Plugins plugins = services.get().plugins();
        String name = ConnectorRoutes.name(request);
        String version = request.query().first("version").orElse("");
        PluginDescriptor plugin = plugins.find(name, PluginType.OF_CONNECTORS, version)
                .orElseThrow(() -> new RequestRefused(Reason.NOT_FOUND, "Unknown plugin " + name + "."));
        List<Object> body = new ArrayList<>();
        new ConfigValidator(plugins, Map.of(), ConfigValidator.Rules.DEFAULTS)
                .definitions(plugin)
                .values()
                .forEach(key -> body.add(definition(key)));
        Json.send(response, Status.OK_200, body);
    }

    private void validate(ServerRequest request, ServerResponse response) {
        String name = ConnectorRoutes.name(request);
        Map<String, String> config = Json.config(Json.object(request));
        config.putIfAbsent(ConnectorKeys.CONNECTOR_CLASS, name);
        requireSame(name, config.getOrDefault(ConnectorKeys.CONNECTOR_CLASS, name));
        ConfigReport report = services.get().connectors().validate(config);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", report.connectorClass());
        body.put("error_count", report.errorCount());
        body.put("groups", report.groups());
        body.put("configs", report.keys().stream().map(PluginRoutes::key).toList());
        Json.send(response, Status.OK_200, body);
    }

    private void requireSame(String inPath, String inConfig) {
        try {
            Plugins plugins = services.get().plugins();
            String wanted = plugins.connector(inPath).className();
            if (!plugins.connector(inConfig).className().equals(wanted)) {
                throw new RequestRefused(
                        Reason.INVALID,
                        "Included connector type %s does not match request type %s".formatted(inConfig, inPath));
            }
        } catch (PluginFailure e) {
            throw new RequestRefused(Reason.INVALID, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Object> key(KeyReport report) {
        ConfigKey definition = report.definition();
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("name", report.name());
        value.put("value", text(report.value().value(), definition));
        value.put(
                "recommended_values",
                report.value().recommendedValues().stream()
                        .map(recommended -> text(recommended, definition))
                        .toList());
        value.put("errors", report.errors());
        value.put("visible", report.value().visible());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("definition", definition == null ? null : definition(definition));
        body.put("value", value);
        return new LinkedHashMap<String, Object>(body);
    }

    private static @Nullable String text(@Nullable Object value, @Nullable ConfigKey definition) {
        if (value instanceof String text) {
            return text;
        }
        if (definition != null) {
            return ConfigDef.convertToString(value, definition.type);
        }
        return value == null ? null : value.toString();
    }

    private static Map<String, Object> definition(ConfigKey key) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", key.name);
        body.put("type", key.type.name());
        body.put("required", !key.hasDefault());
        body.put("default_value", key.hasDefault() ? text(key.defaultValue, key) : null);
        body.put("importance", key.importance.name());
        body.put("documentation", key.documentation);
        body.put("group", key.group);
        body.put("order_in_group", key.orderInGroup);
        body.put("width", key.width.name());
        body.put("display_name", key.displayName);
        body.put("dependents", key.dependents);
        return body;
    }
}
