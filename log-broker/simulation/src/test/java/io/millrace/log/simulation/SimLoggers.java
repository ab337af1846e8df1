package io.millrace.log.simulation;

import io.millrace.log.types.Loggers;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A process with two loggers, one below the other. */
final class SimLoggers implements Loggers {

    static final String CHILD = "io.millrace";

    private final SortedMap<String, String> own = new TreeMap<>(Map.of(ROOT, "INFO"));

    @Override
    public SortedMap<String, String> levels() {
        String root = own.getOrDefault(ROOT, "INFO");
        return new TreeMap<>(Map.of(ROOT, root, CHILD, own.getOrDefault(CHILD, root)));
    }

    @Override
    public void set(String logger, @Nullable String level) {
        if (level == null) {
            own.remove(logger);
        } else {
            own.put(logger, level);
        }
    }
}
