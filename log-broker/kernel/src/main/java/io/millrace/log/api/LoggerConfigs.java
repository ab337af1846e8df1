package io.millrace.log.api;

import io.millrace.log.metadata.ConfigAlteration.Altered;
import io.millrace.log.metadata.ConfigAlteration.Edit;
import io.millrace.log.types.Loggers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.LogLevelConfig;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;

/** The levels of a broker's loggers, as configs of a resource of type BROKER_LOGGER (KIP-412). */
final class LoggerConfigs {

    private LoggerConfigs() {}

    /** Why the resource is none of this broker's; null if it is. */
    static @Nullable String problem(LocalShard shard, String name) {
        String own = Integer.toString(shard.config().brokerId());
        return name.equals(own) ? null : "This is broker " + own + ", whose loggers are not those of '" + name + "'.";
    }

    static List<DescribeConfigsResourceResult> describe(Loggers loggers, @Nullable List<String> wanted) {
        return loggers.levels().entrySet().stream()
                .filter(each -> wanted == null || wanted.isEmpty() || wanted.contains(each.getKey()))
                .map(each -> new DescribeConfigsResourceResult()
                        .setName(each.getKey())
                        .setValue(each.getValue())
                        .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG.id()))
                .toList();
    }

    /** Changes all levels that are asked for, or none. */
    static Altered alter(LocalShard shard, String name, List<Edit> edits, boolean validateOnly) {
        String problem = problem(shard, name);
        if (problem != null) {
            return new Altered(Errors.INVALID_REQUEST, problem);
        }
        Set<String> known = shard.loggers().levels().keySet();
        Set<String> seen = new LinkedHashSet<>();
        for (Edit each : edits) {
            Altered refusal = seen.add(each.key())
                    ? refusal(known, each)
                    : new Altered(Errors.INVALID_REQUEST, "Logger " + each.key() + " stands twice in the request.");
            if (refusal != null) {
                return refusal;
            }
        }
        if (!validateOnly) {
            edits.forEach(
                    each -> shard.loggers().set(each.key(), each.operation() == OpType.DELETE ? null : each.value()));
        }
        return Altered.DONE;
    }

    private static @Nullable Altered refusal(Set<String> known, Edit edit) {
        if (edit.operation() != OpType.SET && edit.operation() != OpType.DELETE) {
            return new Altered(
                    Errors.INVALID_REQUEST, edit.operation() + " is not for loggers: a level is set or deleted.");
        }
        if (!known.contains(edit.key())) {
            return new Altered(Errors.INVALID_CONFIG, "Logger " + edit.key() + " does not exist.");
        }
        if (edit.operation() == OpType.DELETE) {
            return edit.key().equals(Loggers.ROOT)
                    ? new Altered(Errors.INVALID_REQUEST, "The root logger must have a level.")
                    : null;
        }
        if (edit.value() == null) {
            return new Altered(Errors.INVALID_REQUEST, "Logger " + edit.key() + " is set to no level.");
        }
        return LogLevelConfig.VALID_LOG_LEVELS.contains(edit.value())
                ? null
                : new Altered(
                        Errors.INVALID_CONFIG,
                        "The level of " + edit.key() + " cannot be " + edit.value() + ", only one of "
                                + String.join(", ", new TreeSet<>(LogLevelConfig.VALID_LOG_LEVELS)) + ".");
    }
}
