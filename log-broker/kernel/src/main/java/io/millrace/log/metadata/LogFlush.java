package io.millrace.log.metadata;

import java.util.Locale;

/** When a record counts as kept, and consumers may see it. Values of the topic config {@code log.flush}. */
public enum LogFlush {
    /** Once it is fsynced; one fsync serves all that wait. */
    GROUP_COMMIT,
    /** Once the operating system has it: survives a crash of the process, not a power cut. */
    OS;

    public String configValue() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static LogFlush of(String configValue) {
        return valueOf(configValue.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
