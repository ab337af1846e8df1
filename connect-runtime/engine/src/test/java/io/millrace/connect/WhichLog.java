package io.millrace.connect;

/** The logs that the runtime is tested on. */
enum WhichLog {
    APACHE_KAFKA {
        @Override
        String bootstrapServers() {
            return KafkaPeer.sharedBootstrapServers();
        }
    };

    /** Starts the log when first asked. */
    abstract String bootstrapServers();
}
