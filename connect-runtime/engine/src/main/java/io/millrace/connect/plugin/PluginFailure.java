package io.millrace.connect.plugin;

import org.jspecify.annotations.Nullable;

/** A plugin is not there or cannot be made. The message names it and says what to do. */
public final class PluginFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PluginFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
