package io.millrace.connect.plugin;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

/** The keys of a connector's config that say how much it may use, so that it does not crowd out others. */
public final class QuotaKeys {

    public static final String RECORDS = "quota.records.per.second";
    public static final String BYTES = "quota.bytes.per.second";
    public static final String THREAD = "quota.thread.percent";

    private QuotaKeys() {}

    static ConfigDef define(ConfigDef keys) {
        return keys.define(
                        RECORDS,
                        ConfigDef.Type.LONG,
                        0L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "How many records a second the connector may take in, all its tasks together; 0: any number.")
                .define(
                        BYTES,
                        ConfigDef.Type.LONG,
                        0L,
                        Range.atLeast(0),
                        Importance.MEDIUM,
                        "How many bytes of keys and values a second it may put into the log, or read from it, all its"
                                + " tasks together; 0: any number.")
                .define(
                        THREAD,
                        ConfigDef.Type.LONG,
                        0L,
                        Range.atLeast(0),
                        Importance.LOW,
                        "How much processor time the threads of its tasks may use together, in percent of one core;"
                                + " 0: all there is. Threads that the plugin starts itself do not count.");
    }
}
