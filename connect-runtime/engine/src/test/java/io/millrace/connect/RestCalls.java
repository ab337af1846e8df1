package io.millrace.connect;

import static io.millrace.connect.RestCall.call;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The requests that are compared, in the order in which they are sent. */
final class RestCalls {

    private static final String CALLER = "the fault is the caller's, not the worker's";
    private static final String NULL = "a key without a value is refused, where Kafka Connect stores it";
    private static final String NO_CLASS = "says what to add, and does not show the config, which may hold secrets";
    private static final String CLASSES = "lists the classes that there are, not objects of the runtime";
    private static final String SLASHES = "Kafka Connect makes such a connector, and cannot be asked for it afterwards";
    private static final String TRANSFORMS = "org.apache.kafka.connect.transforms.";
    private static final String GONE = "there is no such connector";
    private static final String NO_BODY = "an exception of Kafka Connect's, ours says that there is no body";

    private final List<RestCall> calls = new ArrayList<>();
    private final String file;
    private final String target;
    private final String source;

    private RestCalls(Path directory) {
        this.file = directory.resolve("lines").toString();
        this.target = directory.resolve("out").toString();
        this.source =
                "'connector.class':'FileStreamSource','tasks.max':'1','topic':'lines','file':'%s',".formatted(file)
                        + "'topic.creation.default.replication.factor':'1','topic.creation.default.partitions':'1'";
        addWorker();
        addPlugins();
        addValidation();
        addValidationOfTransforms();
        addCreation();
        addBadCreation();
        addNames();
        addConfigs();
        addStates();
        addOffsets();
        addSink();
        addFailures();
        addLoggers();
    }

    static List<RestCall> all(Path directory) {
        return new RestCalls(directory).calls;
    }

    private void add(RestCall... more) {
        calls.addAll(List.of(more));
    }

    private void addWorker() {
        add(
                call("GET", "/", 200),
                call("GET", "/health", 200),
                call("GET", "/connectors", 200),
                call("GET", "/connectors/", 200),
                call("GET", "/connectors?expand=status&expand=info", 200),
                call("GET", "/openapi.json", 404).butOurs(200, "Kafka Connect does not serve its document"),
                call("GET", "/nowhere", 404),
                call("GET", "/connectors/none/nowhere", 404),
                call("DELETE", "/connectors", 405),
                call("PUT", "/connectors/none/status", 405),
                call("PATCH", "/", 405),
                call("HEAD", "/connectors", 200),
                call("OPTIONS", "/connectors", 200).butOurs(200, "the header is enough"));
    }

    private void addPlugins() {
        add(
                call("GET", "/connector-plugins", 200),
                call("GET", "/connector-plugins?connectorsOnly=false", 200),
                call("GET", "/connector-plugins/FileStreamSource/config", 200),
                call("GET", "/connector-plugins/org.apache.kafka.connect.file.FileStreamSinkConnector/config", 200),
                call("GET", "/connector-plugins/InsertField$Value/config", 404),
                call("GET", "/connector-plugins/RecordIsTombstone/config", 200),
                call("GET", "/connector-plugins/org.apache.kafka.connect.json.JsonConverter/config", 200),
                call("GET", "/connector-plugins/org.apache.kafka.connect.converters.ByteArrayConverter/config", 200),
                call("GET", "/connector-plugins/org.apache.kafka.connect.converters.LongConverter/config", 200),
                call("GET", "/connector-plugins/NoSuch/config", 404),
                call("PUT", "/connector-plugins/FileStreamSource/config", 405));
    }

    private static RestCall validate(String plugin, String config, int status) {
        return call("PUT", "/connector-plugins/" + plugin + "/config/validate", "{" + config + "}", status);
    }

    private void addValidation() {
        String sourceClass = "'connector.class':'org.apache.kafka.connect.file.FileStreamSourceConnector'";
        String sink = "'name':'out','connector.class':'FileStreamSink','file':'/tmp/out'";
        add(
                validate("FileStreamSource", "'name':'lines'," + source, 200),
                validate("FileStreamSource", sourceClass, 200),
                validate("FileStreamSource", sourceClass + ",'name':'','tasks.max':'0','batch.size':'many'", 200),
                validate("FileStreamSource", sourceClass + ",'tasks.max':'1.5','errors.tolerance':'some'", 200),
                validate("FileStreamSource", sourceClass + ",'tasks.max':null", 200)
                        .butOurs(400, NULL),
                validate("FileStreamSource", sourceClass + ",'nonsense':'1'", 200),
                validate("FileStreamSource", sourceClass + ",'key.converter':'NoSuch'", 200),
                validate("FileStreamSource", sourceClass + ",'key.converter':'java.lang.String'", 200),
                validate(
                        "FileStreamSource",
                        sourceClass + ",'value.converter':'org.apache.kafka.connect.json.JsonConverter',"
                                + "'value.converter.schemas.enable':'perhaps'",
                        200),
                validate("FileStreamSource", sourceClass + ",'exactly.once.support':'required'", 200),
                validate("FileStreamSource", sourceClass + ",'exactly.once.support':'perhaps'", 200),
                validate("FileStreamSource", sourceClass + ",'transaction.boundary':'connector'", 200),
                validate("FileStreamSource", sourceClass + ",'transaction.boundary':'Interval'", 200),
                validate("FileStreamSource", sourceClass + ",'transaction.boundary':'never'", 200),
                validate("FileStreamSource", sourceClass + ",'transaction.boundary.interval.ms':'-1'", 200),
                validate("FileStreamSource", sourceClass + ",'offsets.storage.topic':''", 200),
                validate(
                        "FileStreamSource",
                        sourceClass + ",'offsets.storage.topic':'a','consumer.override.max.poll.records':'5'",
                        200),
                validate("FileStreamSource", sourceClass + ",'topic.creation.groups':'a,b'", 200),
                validate("FileStreamSource", sourceClass + ",'producer.override.acks':'all'", 200),
                validate("FileStreamSink", sink, 200),
                validate("FileStreamSink", sink + ",'topics':'a','topics.regex':'b.*'", 200),
                validate("FileStreamSink", sink + ",'topics.regex':'['", 200),
                validate("FileStreamSink", sink + ",'topics':'a','errors.deadletterqueue.topic.name':'a'", 200),
                validate("FileStreamSink", sink + ",'topics':'a','consumer.override.max.poll.records':'5'", 200),
                validate("FileStreamSink", sourceClass, 400),
                validate("FileStreamSource", "", 500).butOurs(200, "the path names the class"),
                validate("NoSuch", "'connector.class':'NoSuch'", 500).butOurs(400, CALLER),
                call("PUT", "/connector-plugins/FileStreamSource/config/validate", "{", 500)
                        .butOurs(400, CALLER),
                call("PUT", "/connector-plugins/FileStreamSource/config/validate", "[]", 500)
                        .butOurs(400, CALLER),
                call("PUT", "/connector-plugins/FileStreamSource/config/validate", 500)
                        .butOurs(400, NO_BODY));
    }

    private void addValidationOfTransforms() {
        String start = "'name':'t','connector.class':'FileStreamSource','topic':'a',";
        add(
                validate(
                        "FileStreamSource",
                        start
                                + "'transforms':'t','transforms.t.type':'" + TRANSFORMS + "HoistField$Value',"
                                + "'transforms.t.field':'f'",
                        200),
                validate("FileStreamSource", start + "'transforms':'t'", 200),
                validate("FileStreamSource", start + "'transforms':'t','transforms.t.type':'NoSuch'", 200),
                validate("FileStreamSource", start + "'transforms':'t,t'", 200),
                validate(
                                "FileStreamSource",
                                start
                                        + "'transforms':'t','transforms.t.type':'" + TRANSFORMS + "RegexRouter',"
                                        + "'transforms.t.predicate':'p'",
                                200)
                        .butOurs(200, "a predicate that is not there is found before the connector is made"),
                validate(
                        "FileStreamSource",
                        start
                                + "'transforms':'t','transforms.t.type':'" + TRANSFORMS + "RegexRouter',"
                                + "'transforms.t.regex':'a','transforms.t.replacement':'b',"
                                + "'transforms.t.predicate':'p',"
                                + "'transforms.t.negate':'maybe','predicates':'p',"
                                + "'predicates.p.type':'" + TRANSFORMS + "predicates.TopicNameMatches',"
                                + "'predicates.p.pattern':'['",
                        200));
    }

    private static RestCall create(String name, String config, int status) {
        return call("POST", "/connectors", "{'name':'" + name + "','config':{" + config + "}}", status);
    }

    private static RestCall running(String connector) {
        return call("GET", "/connectors/" + connector + "/status", 200)
                .until("/connector/state", "RUNNING")
                .until("/tasks/0/state", "RUNNING");
    }

    private void addCreation() {
        add(
                create("lines", source, 201),
                running("lines"),
                call("GET", "/connectors", 200),
                call("GET", "/connectors?expand=status&expand=info", 200),
                call("GET", "/connectors?expand=status", 200),
                call("GET", "/connectors?expand=info", 200),
                call("GET", "/connectors?expand=nonsense", 200),
                call("GET", "/connectors/lines", 200),
                call("GET", "/connectors/lines/", 200),
                call("GET", "/connectors/lines/config", 200),
                call("GET", "/connectors/lines/tasks", 200),
                call("GET", "/connectors/lines/tasks-config", 404),
                call("GET", "/connectors/lines/tasks/0/status", 200),
                call("GET", "/connectors/lines/tasks/7/status", 404),
                call("GET", "/connectors/lines/tasks/x/status", 404),
                create("lines", source, 409),
                create("  lines ", source, 409));
    }

    private void addBadCreation() {
        add(
                create("new", "'connector.class':'NoSuch'", 400).butOurs(400, CLASSES),
                create("new", "'topic':'a'", 400).butOurs(400, NO_CLASS),
                create("new", "'connector.class':''", 400).butOurs(400, NO_CLASS),
                create("new", "'connector.class':'FileStreamSource'", 400),
                create("new", "'connector.class':'FileStreamSource','topic':'a','tasks.max':'-1'", 400),
                create("new", "'connector.class':'FileStreamSource','topic':'a','tasks.max':'x','batch.size':'y'", 400),
                create("new", source + ",'name':'other'", 400),
                create("", source, 400),
                create("   ", source, 400),
                create("tab\\tand\\u0000", source, 400),
                call("POST", "/connectors", "{'config':{" + source + "}}", 400),
                call("POST", "/connectors", "{'name':'new'}", 500).butOurs(400, CALLER),
                call("POST", "/connectors", "{'name':'new','config':[]}", 500).butOurs(400, CALLER),
                call("POST", "/connectors", "{'name':'new','config':{'topic':{}}}", 500)
                        .butOurs(400, CALLER),
                create("null", source + ",'batch.size':null", 201).butOurs(400, NULL),
                call("DELETE", "/connectors/null", 204).butOurs(404, NULL),
                call("POST", "/connectors", "{'name':'new','nonsense':1,'config':{" + source + "}}", 500)
                        .butOurs(400, CALLER),
                call("POST", "/connectors", "{'name':'new','initial_state':'GONE','config':{" + source + "}}", 500)
                        .butOurs(400, CALLER),
                call("POST", "/connectors", "{'name':", 500).butOurs(400, CALLER),
                call("POST", "/connectors", "nonsense", 500).butOurs(400, CALLER),
                call("POST", "/connectors", "[]", 500).butOurs(400, CALLER),
                call("POST", "/connectors", 500).butOurs(400, NO_BODY),
                call("POST", "/connectors", "{'name':'new','config':{}}", 415)
                        .as("text/plain")
                        .butOurs(415, "says what is wanted"),
                call("POST", "/connectors", "{'name':'new','config':{}}", 400)
                        .as("application/json;charset=UTF-8")
                        .butOurs(400, NO_CLASS),
                call("GET", "/connectors", 200));
    }

    private void addNames() {
        for (String[] name : List.of(
                new String[] {"two words", "two%20words"},
                new String[] {"größe-☃", "gr%C3%B6%C3%9Fe-%E2%98%83"},
                new String[] {"a+b=c?d#e", "a+b=c%3Fd%23e"})) {
            String path = "/connectors/" + name[1];
            add(
                    create(name[0], source, 201),
                    call("GET", path + "/status", 200)
                            .until("/connector/state", "RUNNING")
                            .until("/tasks/0/state", "RUNNING"),
                    call("GET", path, 200),
                    call("DELETE", path, 204),
                    call("GET", path, 404));
        }
        add(
                create("a/b", "'connector.class':'FileStreamSource'", 400),
                call("GET", "/connectors/a%2Fb", 400).butOurs(404, SLASHES),
                call("GET", "/connectors/50%25", 400).butOurs(404, SLASHES),
                call("GET", "/connectors/..%2Fadmin", 400).butOurs(404, SLASHES));
    }

    private void addConfigs() {
        String path = "/connectors/lines/config";
        add(
                call("PUT", path, "{" + source + ",'batch.size':'10'}", 200),
                call("GET", path, 200),
                call("GET", "/connectors/lines/tasks", 200).until("/0/config/batch.size", "10"),
                call("PUT", path, "{" + source + ",'name':'other'}", 400),
                call("PUT", path, "{" + source + ",'batch.size':'many'}", 400),
                call("PUT", path, "{'topic':'a'}", 400).butOurs(400, NO_CLASS),
                call("PUT", path, "{" + source + ",'batch.size':null}", 200).butOurs(400, NULL),
                call("PUT", path, "{", 500).butOurs(400, CALLER),
                call("PUT", path, 500).butOurs(400, NO_BODY),
                call("PUT", path, "{'batch.size':11," + source + "}", 200),
                call("PATCH", path, "{'batch.size':'20','nonsense':'x'}", 200),
                call("GET", path, 200),
                call("PATCH", path, "{'batch.size':null}", 200),
                call("PATCH", path, "{'batch.size':'many'}", 400),
                call("PATCH", path, "{}", 200),
                call("PATCH", path, "[]", 500).butOurs(400, CALLER),
                call("PATCH", "/connectors/none/config", "{'a':'b'}", 404),
                call("GET", "/connectors/none/config", 404),
                call("PUT", "/connectors/put/config", "{" + source + "}", 201),
                call("PATCH", "/connectors/put/config", "{'name':'other'}", 200)
                        .butOurs(400, "Kafka Connect then has two names for it"),
                call("DELETE", "/connectors/put", 204));
    }

    private void addStates() {
        add(
                running("lines"),
                call("PUT", "/connectors/lines/pause", 202),
                call("GET", "/connectors/lines/status", 200).until("/tasks/0/state", "PAUSED"),
                call("PUT", "/connectors/lines/pause", 202),
                call("PUT", "/connectors/lines/resume", 202),
                running("lines"),
                call("POST", "/connectors/lines/restart", 204),
                call("POST", "/connectors/lines/restart?includeTasks=true&onlyFailed=false", 202),
                running("lines"),
                call("POST", "/connectors/lines/restart?includeTasks=true&onlyFailed=true", 202),
                call("POST", "/connectors/lines/restart?includeTasks=false&onlyFailed=true", 202),
                call("POST", "/connectors/lines/restart?includeTasks=nonsense", 204),
                call("POST", "/connectors/lines/tasks/0/restart", 204),
                running("lines"),
                call("POST", "/connectors/lines/tasks/7/restart", 404),
                call("POST", "/connectors/lines/tasks/x/restart", 404),
                call("GET", "/connectors/lines/topics", 200).until("/lines/topics/0", "lines"),
                call("PUT", "/connectors/lines/topics/reset", 202),
                call("GET", "/connectors/lines/topics", 200).until("/lines/topics/0", ""));
        for (String unknown : List.of("pause", "resume", "stop")) {
            add(call("PUT", "/connectors/none/" + unknown, 404));
        }
        for (String unknown : List.of("", "/status", "/tasks", "/tasks/0/status", "/offsets")) {
            add(call("GET", "/connectors/none" + unknown, 404));
        }
        add(
                call("GET", "/connectors/none/topics", 200).butOurs(404, GONE),
                call("PUT", "/connectors/none/topics/reset", 202).butOurs(404, GONE),
                call("POST", "/connectors/none/restart", 404),
                call("POST", "/connectors/none/restart?includeTasks=true", 404),
                call("POST", "/connectors/none/tasks/0/restart", 404),
                call("DELETE", "/connectors/none", 404),
                call("DELETE", "/connectors/none/offsets", 404),
                call("PATCH", "/connectors/none/offsets", "{'offsets':[{'partition':{'a':1},'offset':{'b':1}}]}", 404));
    }

    private void addOffsets() {
        String path = "/connectors/lines/offsets";
        String some = "{'offsets':[{'partition':{'filename':'" + file + "'},'offset':{'position':4}}]}";
        add(
                call("GET", path, 200).until("/offsets/0/offset/position", "14"),
                call("PATCH", path, some, 400),
                call("DELETE", path, 400),
                call("PUT", "/connectors/lines/stop", 204),
                call("GET", "/connectors/lines/status", 200)
                        .until("/connector/state", "STOPPED")
                        .until("/tasks/0/id", ""),
                call("GET", "/connectors/lines/tasks", 200),
                call("GET", "/connectors/lines", 200),
                call("POST", "/connectors/lines/restart", 204),
                call("PATCH", path, some, 200),
                call("GET", path, 200),
                call("PATCH", path, some.replace("'position':4", "'position':-4"), 500)
                        .butOurs(400, CALLER),
                call("PATCH", path, "{'offsets':[{'partition':{'nonsense':1},'offset':{'position':4}}]}", 500)
                        .butOurs(400, CALLER),
                call("PATCH", path, "{'offsets':[]}", 400),
                call("PATCH", path, "{}", 400),
                call("PATCH", path, "{'offsets':5}", 500).butOurs(400, CALLER),
                call("PATCH", path, 500).butOurs(400, NO_BODY),
                call("DELETE", path, 200),
                call("GET", path, 200),
                call("PUT", "/connectors/lines/resume", 202),
                running("lines"));
    }

    private void addSink() {
        String sink = "'connector.class':'FileStreamSink','topics':'lines','file':'" + target + "'";
        String partition = "'partition':{'kafka_topic':'lines','kafka_partition':0}";
        add(
                call("POST", "/connectors", "{'name':'out','initial_state':'stopped','config':{" + sink + "}}", 201),
                call("GET", "/connectors/out/status", 200).until("/connector/state", "STOPPED"),
                call("GET", "/connectors/out/tasks", 200),
                call(
                        "PATCH",
                        "/connectors/out/offsets",
                        "{'offsets':[{" + partition + ",'offset':{'kafka_offset':2}}]}",
                        200),
                call("GET", "/connectors/out/offsets", 200).until("/offsets/0/offset/kafka_offset", "2"),
                call("PATCH", "/connectors/out/offsets", "{'offsets':[{'partition':{'a':1},'offset':{'b':1}}]}", 400),
                call("PATCH", "/connectors/out/offsets", "{'offsets':[{" + partition + ",'offset':{'b':1}}]}", 400),
                call(
                        "PATCH",
                        "/connectors/out/offsets",
                        "{'offsets':[{" + partition + ",'offset':{'kafka_offset':'x'}}]}",
                        400),
                call("PATCH", "/connectors/out/offsets", "{'offsets':[{" + partition + ",'offset':null}]}", 200),
                call("GET", "/connectors/out/offsets", 200),
                call("PUT", "/connectors/out/resume", 202),
                running("out"),
                call("GET", "/connectors/out/topics", 200).until("/out/topics/0", "lines"),
                call("GET", "/connectors/out/tasks", 200),
                call("DELETE", "/connectors/out/offsets", 400),
                call("PUT", "/connectors/out/pause", 202),
                call("GET", "/connectors/out/status", 200).until("/tasks/0/state", "PAUSED"),
                call("PUT", "/connectors/out/stop", 204),
                call("GET", "/connectors/out/status", 200).until("/connector/state", "STOPPED"),
                call("DELETE", "/connectors/out/offsets", 200),
                call("DELETE", "/connectors/out", 204));
    }

    private void addFailures() {
        String failing = "'connector.class':'MockSource','mock_mode':'%s','delay_ms':'0'";
        add(
                create("bad-task", failing.formatted("task-failure"), 201),
                call("GET", "/connectors/bad-task/status", 200).until("/tasks/0/state", "FAILED"),
                call("POST", "/connectors/bad-task/restart?includeTasks=true&onlyFailed=true", 202),
                call("GET", "/connectors/bad-task/tasks/0/status", 200).until("/state", "FAILED"),
                create("bad-connector", failing.formatted("connector-failure"), 201),
                call("GET", "/connectors/bad-connector/status", 200)
                        .until("/connector/state", "FAILED")
                        .butOurs(200, "whether its tasks were made by then is chance"),
                call("DELETE", "/connectors/bad-task", 204),
                call("DELETE", "/connectors/bad-connector", 204),
                call("DELETE", "/connectors/lines", 204),
                call("GET", "/connectors/lines", 404),
                call("GET", "/connectors/lines/status", 404));
    }

    private void addLoggers() {
        String path = "/admin/loggers/org.example";
        add(
                call("GET", "/admin/loggers", 200),
                call("GET", "/admin/loggers/root", 200),
                call("GET", path, 404),
                call("PUT", path, "{'level':'debug'}", 200),
                call("GET", path, 200),
                call("PUT", path + ".below", "{'level':'ERROR'}", 200),
                call("PUT", path, "{'level':'WARN'}", 200),
                call("PUT", path + "?scope=worker", "{'level':'INFO'}", 200),
                call("PUT", path + "?scope=cluster", "{'level':'INFO'}", 204),
                call("PUT", path + "?scope=nonsense", "{'level':'INFO'}", 200),
                call("PUT", path, "{'level':'LOUD'}", 404).butOurs(404, "lists the levels that there are"),
                call("PUT", path, "{'level':null}", 400),
                call("PUT", path, "{}", 400),
                call("PUT", path, "{", 500).butOurs(400, CALLER),
                call("PUT", path, 500).butOurs(400, NO_BODY),
                call("DELETE", path, 405),
                call("GET", "/admin/loggers", 200),
                call("GET", "/admin", 404));
    }
}
