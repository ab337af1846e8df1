package io.millrace.connect.plugin;

import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a source whether it can do what the config wants of its transactions (KIP-618). */
final class ExactlyOnceCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ExactlyOnceCheck.class);

    private ExactlyOnceCheck() {}

    /**
     * Adds what is wrong to the values of the keys.
     *
     * @param enabled whether sources deliver in transactions on this worker
     */
    static void check(
            SourceConnector source, Map<String, String> config, Map<String, ConfigValue> values, boolean enabled) {
        ConfigValue support = values.get(ConnectorKeys.EXACTLY_ONCE);
        if (support != null && is("required", support)) {
            if (!enabled) {
                support.addErrorMessage("This worker does not have exactly-once source support enabled.");
            }
            add(support, () -> supportError(source.exactlyOnceSupport(config)));
        }
        ConfigValue boundary = values.get(ConnectorKeys.TRANSACTION_BOUNDARY);
        if (boundary != null && is("connector", boundary)) {
            add(boundary, () -> boundaryError(source.canDefineTransactionBoundaries(config)));
        }
    }

    private static boolean is(String wanted, ConfigValue value) {
        return value.errorMessages().isEmpty()
                && wanted.equals(String.valueOf(value.value()).strip().toLowerCase(Locale.ROOT));
    }

    private static void add(ConfigValue value, Supplier<@Nullable String> question) {
        try {
            String error = question.get();
            if (error != null) {
                value.addErrorMessage(error);
            }
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("key", value.name()).setCause(e).log("the connector threw when it was asked");
            String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            value.addErrorMessage("An unexpected error occurred during validation: " + message.strip());
        }
    }

    private static @Nullable String supportError(@Nullable ExactlyOnceSupport answer) {
        return switch (answer) {
            case null ->
                "The connector does not say whether it can deliver exactly once. See its documentation; if it can, set"
                        + " this key to 'requested', which does not ask the connector.";
            case UNSUPPORTED ->
                "The connector does not support exactly-once semantics with the provided configuration.";
            case SUPPORTED -> null;
        };
    }

    private static @Nullable String boundaryError(@Nullable ConnectorTransactionBoundaries answer) {
        return switch (answer) {
            case null ->
                "The connector says nothing from canDefineTransactionBoundaries, and so counts as one that cannot"
                        + " define the boundaries of its transactions. Set this key to 'poll' or 'interval'.";
            case UNSUPPORTED ->
                "The connector does not support connector-defined transaction boundaries with the given configuration. "
                        + "Please reconfigure it to use a different transaction boundary definition.";
            case SUPPORTED -> null;
        };
    }
}
