package io.millrace.connect.rest;

import io.millrace.connect.cluster.ConnectorView;
import io.millrace.connect.cluster.StatusView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Answers in Kafka Connect's shapes. */
final class Bodies {

    private Bodies() {}

    static Map<String, Object> info(ConnectorView connector) {
        List<Object> tasks = new ArrayList<>();
        for (int id = 0; id < connector.taskCount(); id++) {
            tasks.add(taskId(connector.name(), id));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", connector.name());
        body.put("config", connector.config());
        body.put("tasks", tasks);
        body.put("type", connector.type());
        return body;
    }

    static Map<String, Object> taskId(String connector, int task) {
        Map<String, Object> id = new LinkedHashMap<>();
        id.put("connector", connector);
        id.put("task", task);
        return id;
    }

    static Map<String, Object> status(StatusView status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", status.name());
        body.put("connector", part(status.connector(), status.version()));
        body.put(
                "tasks",
                status.tasks().stream()
                        .map(task -> part(task, status.version()))
                        .toList());
        body.put("type", status.type());
        return body;
    }

    static Map<String, Object> part(StatusView.Part part, String version) {
        Map<String, Object> body = new LinkedHashMap<>();
        if (part.id() >= 0) {
            body.put("id", part.id());
        }
        body.put("state", part.state());
        body.put("worker_id", part.workerId());
        body.put("version", version);
        if (part.trace() != null) {
            body.put("trace", part.trace());
        }
        return body;
    }
}
