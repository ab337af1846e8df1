package io.millrace.connect.plugin;

/**
 * Makes a plugin's class loader the thread's context class loader until closed. Around every call into a plugin:
 * plugins find drivers, providers and resources through it.
 */
public final class LoaderScope implements AutoCloseable {

    private final ClassLoader before;

    private LoaderScope(ClassLoader before) {
        this.before = before;
    }

    /** Enters the scope on the calling thread, which must also close it. */
    public static LoaderScope of(ClassLoader loader) {
        Thread thread = Thread.currentThread();
        LoaderScope scope = new LoaderScope(thread.getContextClassLoader());
        thread.setContextClassLoader(loader);
        return scope;
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(before);
    }
}
