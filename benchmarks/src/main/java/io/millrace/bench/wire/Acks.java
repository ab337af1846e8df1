package io.millrace.bench.wire;

/** Which acknowledgement a producer waits for. */
public enum Acks {
    ONE("1", 1),
    ALL("all", -1);

    private final String config;
    private final short code;

    Acks(String config, int code) {
        this.config = config;
        this.code = (short) code;
    }

    /** The value of a producer's config {@code acks}. */
    public String config() {
        return config;
    }

    short code() {
        return code;
    }
}
