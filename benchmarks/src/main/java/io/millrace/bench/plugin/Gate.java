package io.millrace.bench.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * How a task and the bench, which are different processes, tell one another where they stand: by files of a directory.
 * The task handles some records to get warm, says how many in {@code warm}, waits for {@code go}, and makes
 * {@code done} when the rest has passed.
 *
 * <p><b>Threads.</b> The task's thread, but for {@link #close()}, which may come from any.
 */
public final class Gate {

    /** Key of a connector's config: the directory. */
    public static final String DIRECTORY = "gate.directory";

    private static final long PAUSE_NANOS = 2_000_000;

    private final Path directory;
    private volatile boolean closed;

    /** @param config a task's, with {@value #DIRECTORY} */
    public static Gate of(Map<String, String> config) {
        return new Gate(Path.of(config.get(DIRECTORY)));
    }

    /** @param directory there already, and empty but for files of this gate */
    public Gate(Path directory) {
        this.directory = directory;
    }

    /** The task's side: says that so many records have passed, and waits until the rest is wanted. */
    void awaitGo(long passed) {
        write("warm", Long.toString(passed));
        while (!closed && !Files.exists(directory.resolve("go"))) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** The task's side: all records have passed. */
    void finish() {
        write("done", "");
    }

    /** Lets a task that waits go on. */
    void close() {
        closed = true;
    }

    /** The bench's side: the file that holds how many records have passed, once the task waits. */
    public Path warm() {
        return directory.resolve("warm");
    }

    /** The bench's side: there when all records have passed. */
    public Path done() {
        return directory.resolve("done");
    }

    /** The bench's side: lets the rest pass. */
    public void go() {
        write("go", "");
    }

    /** A file that is there is whole. */
    private void write(String name, String text) {
        try {
            Path draft = Files.writeString(directory.resolve(name + ".draft"), text);
            Files.move(draft, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the bench cannot be told: " + name, e);
        }
    }
}
