package io.millrace.bench.server;

/** The two that are held against each other; each runs while the other does not. */
public enum Side {
    PEER("Apache Kafka"),
    OURS("Millrace");

    private final String title;

    Side(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
