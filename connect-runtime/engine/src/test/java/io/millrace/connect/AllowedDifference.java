package io.millrace.connect;

import java.util.regex.Pattern;

/** How our worker's answers may differ from those of Kafka Connect, each with its reason. */
enum AllowedDifference {
    WORKER_ITSELF("GET / /(version|commit|kafka_cluster_id)=.*", "another program on another log"),
    WORKER_ID(".*/worker_id=.*", "another address"),
    TRACE(".*/trace=.*", "the stack of another program"),
    MODIFIED(".*/last_modified=.*", "another time"),
    CONTENT_TYPE(
            ".* content-type=Kafka Connect: , ours: application/json",
            "errors of Kafka Connect's web server are JSON, but do not say so"),
    ALLOW(".* allow=Kafka Connect: , ours: [A-Z, ]+", "HTTP (RFC 9110, 15.5.6) wants the verbs that a path takes"),
    OWN_WORDS(".*/documentation=.*", "the keys are explained in our own words"),
    KAFKA_VERSION(
            ".*/version=Kafka Connect: \"[0-9.]+\", ours: \"[0-9.]+(-SNAPSHOT)?\"",
            "Kafka's plugins tell the version of the client that they run with; ours that stand for Kafka's tell ours"),
    PLUGIN_VERSION(
            ".*plugin\\.version/((definition/)?default_value|value/value|value/recommended_values/.*)=.*",
            "which versions of a plugin are installed"),
    FAILED_VERSION(
            ".*/version=Kafka Connect: null, ours: \"[0-9.]+\"",
            "Kafka Connect forgets the version of what has failed"),
    CONVERTER_TYPE(
            ".*/configs/value\\.converter\\.converter\\.type=.*, ours: nothing",
            "a converter is told its type by the runtime, not by the config"),
    CONVERTER_ERROR(
            ".*/configs/value\\.converter\\.schemas\\.enable/value/errors/.*",
            "names the key as it was given, with its prefix"),
    TOPIC_CREATION(
            ".*topic\\.creation\\.default\\.(partitions|replication\\.factor)=Kafka Connect: nothing, .*",
            "checked with the others, and not only when a topic is made"),
    SCHEDULE(
            ".*/schedule\\.[a-z.]+=Kafka Connect: nothing, .*",
            "when a connector runs: Kafka Connect has no schedules"),
    QUOTA(
            ".*/quota\\.[a-z.]+=Kafka Connect: nothing, .*",
            "how much a connector may use: Kafka Connect has no quotas of its own"),
    LOGGERS(
            "GET /admin/loggers /(root|io\\.helidon|org\\.apache\\.kafka|io\\.millrace\\.[^/]+)="
                    + "Kafka Connect: nothing, .*",
            "what this worker logs from the start, and what other tests in its process have set");

    private final Pattern difference;

    AllowedDifference(String difference, String reason) {
        this.difference = Pattern.compile(difference, Pattern.DOTALL);
        if (reason.isBlank()) {
            throw new IllegalArgumentException("a difference without a reason");
        }
    }

    /**
     * @param found verb and path, a space, the pointer to a part of the body or the name of a header, "=", both values
     */
    boolean covers(String found) {
        return difference.matcher(found).matches();
    }
}
