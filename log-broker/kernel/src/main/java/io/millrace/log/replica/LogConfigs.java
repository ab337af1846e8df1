package io.millrace.log.replica;

import io.millrace.log.metadata.BrokerSettings;
import io.millrace.log.metadata.TopicConfigs;
import io.millrace.log.record.RecordRules;
import io.millrace.log.storage.CleanupPolicy;
import io.millrace.log.storage.CompactionConfig;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.RetentionConfig;
import io.millrace.log.storage.SegmentConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;

/** The settings of a log, from the configs of its topic. */
final class LogConfigs {

    private LogConfigs() {}

    static LogConfig of(TopicConfigs configs, BrokerSettings broker) {
        SegmentConfig segment = new SegmentConfig(
                (int) configs.number(TopicConfig.SEGMENT_BYTES_CONFIG),
                segmentMillis(configs),
                configs.number(TopicConfig.SEGMENT_JITTER_MS_CONFIG),
                (int) configs.number(TopicConfig.INDEX_INTERVAL_BYTES_CONFIG),
                (int) configs.number(TopicConfig.SEGMENT_INDEX_BYTES_CONFIG));
        RetentionConfig retention = new RetentionConfig(
                configs.number(TopicConfig.RETENTION_MS_CONFIG),
                configs.number(TopicConfig.RETENTION_BYTES_CONFIG),
                policy(configs));
        RecordRules rules = new RecordRules(
                (int) configs.number(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
                configs.logAppendTime() ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                configs.number(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG),
                configs.number(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
                configs.compacts());
        return new LogConfig(
                segment, retention, compaction(configs), rules, broker.number(BrokerSettings.PRODUCER_ID_EXPIRATION));
    }

    /** The active segment is never cleaned: to keep the largest lag, a compacted log ends it in time. */
    private static long segmentMillis(TopicConfigs configs) {
        long millis = configs.number(TopicConfig.SEGMENT_MS_CONFIG);
        return configs.compacts() ? Math.min(millis, configs.number(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG)) : millis;
    }

    private static CompactionConfig compaction(TopicConfigs configs) {
        return new CompactionConfig(
                configs.number(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG),
                configs.number(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG),
                configs.fraction(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG),
                configs.number(TopicConfig.DELETE_RETENTION_MS_CONFIG),
                CompactionConfig.DEFAULTS.keysMax());
    }

    private static CleanupPolicy policy(TopicConfigs configs) {
        if (!configs.compacts()) {
            return CleanupPolicy.DELETE;
        }
        return configs.deletes() ? CleanupPolicy.COMPACT_AND_DELETE : CleanupPolicy.COMPACT;
    }
}
