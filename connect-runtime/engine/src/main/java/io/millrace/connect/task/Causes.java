package io.millrace.connect.task;

import io.millrace.connect.log.LogFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.IllegalWorkerStateException;
import org.jspecify.annotations.Nullable;

/** Reads the causes of failures. */
public final class Causes {

    private Causes() {}

    /** The failure in one sentence: what it says, and what its root says where that is not in it already. */
    public static String sentence(Throwable error) {
        String top = text(error);
        String root = text(rootOf(error));
        return top.contains(root) ? top : top + ": " + root;
    }

    private static String text(Throwable error) {
        String message = error.getMessage();
        if (message == null || message.isBlank()) {
            return error.getClass().getSimpleName();
        }
        return message.strip().lines().findFirst().orElse(message);
    }

    private static Throwable rootOf(Throwable error) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        Throwable root = error;
        Throwable next = error;
        while (next != null && seen.add(next)) {
            root = next;
            next = next.getCause();
        }
        return root;
    }

    static String stackTrace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /**
     * Whether another try cannot help: a wrong config, a record that cannot be handled, a class that is missing, a
     * plugin that misuses the runtime, or a place that another task has taken, which another try would take from it.
     * Everything else may pass: remote systems come back.
     */
    static boolean isFinal(Throwable error) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        @Nullable Throwable next = error;
        while (next != null && seen.add(next)) {
            if (next instanceof ConfigException
                    || next instanceof DataException
                    || next instanceof LinkageError
                    || next instanceof IllegalWorkerStateException
                    || (next instanceof LogFailure failure && failure.category() == LogFailure.Category.STOP_TASK)) {
                return true;
            }
            next = next.getCause();
        }
        return false;
    }
}
