package io.millrace.log.server.net;

/**
 * Bytes of request frames that one loop holds. A large frame is charged in full before its first byte beyond a read
 * buffer is taken in, so that frames under way can always be finished. Owned by the loop.
 */
final class RequestMemory {

    private final long max;
    private long held;

    RequestMemory(long max) {
        this.max = max;
    }

    long held() {
        return held;
    }

    /**
     * Whether a frame of {@code bytes} may begin now. One larger than all the memory may begin when nothing else is
     * held.
     */
    boolean hasRoomFor(long bytes) {
        return held == 0 || held + bytes <= max;
    }

    void charge(long bytes) {
        held += bytes;
    }

    void free(long bytes) {
        held -= bytes;
    }
}
