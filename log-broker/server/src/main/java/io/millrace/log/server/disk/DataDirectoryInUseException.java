package io.millrace.log.server.disk;

import java.nio.file.Path;

/** Another process, or another broker of this one, works in the data directory. The message is fit for a terminal. */
public final class DataDirectoryInUseException extends Exception {

    private static final long serialVersionUID = 1L;

    DataDirectoryInUseException(Path directory, String owner) {
        super("The data directory " + directory + " is in use by another process" + owner
                + ": stop that one, or choose another directory with --data-dir.");
    }
}
