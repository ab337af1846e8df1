package io.millrace.connect.task;

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
final class Causes {

    private Causes() {}

    /** The failure in one sentence: what it says, and what its root says where that is not in it already. */
    static String sentence(Throwable error) {
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
     * Whether another try cannot help: a wrong config, a record that cannot be handled, a class that is missing, or
     * a plugin that misuses the runtime. Everything else may pass: remote systems come back.
     */
    static boolean isFinal(Throwable error) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        @Nullable Throwable next = error;
        while (next != null && seen.add(next)) {
            if (next instanceof ConfigException
                    || next instanceof DataException
                    || next instanceof LinkageError
                    || next instanceof IllegalWorkerStateException) {
                return true;
            }
            next = next.getCause();
        }
        return false;
    }
}
