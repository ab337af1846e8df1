package io.millrace.connect;

/** The logs that the runtime is tested on: it must not tell them apart. */
enum WhichLog {
    APACHE_KAFKA {
        @Override
        String bootstrapServers() {
            return KafkaPeer.sharedBootstrapServers();
        }
    },
    MILLRACE {
        @Override
        String bootstrapServers() {
            return OwnBroker.sharedBootstrapServers();
        }
    };

    /** Starts the log when first asked. */
    abstract String bootstrapServers();
}
