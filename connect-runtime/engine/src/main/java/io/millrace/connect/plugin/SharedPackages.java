package io.millrace.connect.plugin;

import java.util.regex.Pattern;

/**
 * Which classes a plugin shares with the runtime. Those of the Java platform, of the Connect API with the Kafka client
 * behind it, and of slf4j must be the same for both sides; everything else a plugin brings for itself. Within the
 * Kafka packages, those that are themselves plugins (transforms, converters, the JSON converter...) are not shared.
 * The rule is Kafka Connect's, so that what is packed for it finds the same here.
 */
final class SharedPackages {

    private static final Pattern SHARED = Pattern.compile(
            "(?:java|javax|jakarta\\.ws\\.rs|org\\.ietf\\.jgss|org\\.w3c\\.dom|org\\.xml\\.sax|org\\.apache\\.kafka"
                    + "|org\\.slf4j|org\\.jspecify)\\..*");

    /** Packages below javax that come with libraries, not with the platform. */
    private static final Pattern LIBRARY_JAVAX = Pattern.compile("javax\\.(?:annotation|cache|jcr|measure|money)\\..*");

    private static final Pattern KAFKA_PLUGINS = Pattern.compile(
            "org\\.apache\\.kafka\\.(?:connect\\.(?:transforms\\.(?!Transformation$|predicates\\.Predicate$).*"
                    + "|json\\..*|file\\..*|mirror\\..*|converters\\..*|tools\\..*"
                    + "|storage\\.StringConverter.*|storage\\.SimpleHeaderConverter"
                    + "|rest\\.basic\\.auth\\.extension\\..*)"
                    + "|connect\\.connector\\.policy\\.(?!ConnectorClientConfig(?:OverridePolicy|Request)).*"
                    + "|common\\.config\\.provider\\.(?!ConfigProvider$).*)");

    private SharedPackages() {}

    static boolean contains(String className) {
        return SHARED.matcher(className).matches()
                && !LIBRARY_JAVAX.matcher(className).matches()
                && !KAFKA_PLUGINS.matcher(className).matches();
    }
}
