package io.millrace.connect.log.kafka;

import java.util.function.Supplier;

/**
 * The Kafka client loads parts of itself by name through the context class loader, which on a task's thread is the
 * plugin's: there it could meet another version of itself.
 */
final class Loaders {

    private Loaders() {}

    static <T> T withOwn(Supplier<T> work) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(KafkaLogClient.class.getClassLoader());
        try {
            return work.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
