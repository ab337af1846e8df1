package io.millrace.log.types;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value that is there now or will be later, for step code of one shard. There is no failure channel: what can go
 * wrong is part of the value, as a protocol error.
 *
 * <p><b>Life cycle.</b> Open, then completed exactly once. Callbacks run in the order they were added: at once if the
 * value is there, else inside the call of {@link #complete}.
 *
 * <p><b>Threads.</b> Belongs to the loop that made it; hand values, never promises, to another shard.
 */
public final class Promise<T> {

    private @Nullable T value;
    private final List<Consumer<? super T>> waiting = new ArrayList<>(1);

    public static <T> Promise<T> of(T value) {
        Promise<T> promise = new Promise<>();
        promise.value = value;
        return promise;
    }

    /** All values in the order of {@code parts}, once the last of them is there. */
    public static <T> Promise<List<T>> all(List<Promise<T>> parts) {
        Gather<T> gather = new Gather<>(parts);
        gather.start();
        return gather.whole;
    }

    public boolean isDone() {
        return value != null;
    }

    /** Gives the value and runs what waits for it. A second call is a bug. */
    public void complete(T result) {
        if (value != null) {
            throw new IllegalStateException("promise completed twice: " + value + ", then " + result);
        }
        value = result;
        for (Consumer<? super T> consumer : waiting) {
            consumer.accept(result);
        }
        waiting.clear();
    }

    public void whenDone(Consumer<? super T> consumer) {
        if (value != null) {
            consumer.accept(value);
        } else {
            waiting.add(consumer);
        }
    }

    public <R> Promise<R> map(Function<? super T, ? extends R> function) {
        Promise<R> mapped = new Promise<>();
        whenDone(result -> mapped.complete(function.apply(result)));
        return mapped;
    }

    public <R> Promise<R> then(Function<? super T, Promise<R>> function) {
        Promise<R> chained = new Promise<>();
        whenDone(result -> function.apply(result).whenDone(chained::complete));
        return chained;
    }

    private static final class Gather<T> {
        private final List<Promise<T>> parts;
        private final Promise<List<T>> whole = new Promise<>();
        private int missing;

        Gather(List<Promise<T>> parts) {
            this.parts = parts;
            this.missing = parts.size();
        }

        void start() {
            if (parts.isEmpty()) {
                whole.complete(List.of());
            }
            parts.forEach(part -> part.whenDone(ignored -> arrived()));
        }

        private void arrived() {
            missing--;
            if (missing > 0) {
                return;
            }
            List<T> values = new ArrayList<>(parts.size());
            parts.forEach(part -> part.whenDone(values::add));
            whole.complete(values);
        }
    }
}
