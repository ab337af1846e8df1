package io.millrace.connect.record;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

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

    /** The stack trace of the failure, as it is printed. */
    public static String stackTrace(Throwable error) {
        StringWriter text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
