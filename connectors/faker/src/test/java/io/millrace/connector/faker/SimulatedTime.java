package io.millrace.connector.faker;

/** Time that moves only when somebody waits; a pause costs nothing and is counted. */
final class SimulatedTime implements Pacer.Time {

    private long nanos;
    private int pauses;
    private boolean ended;

    @Override
    public long epochMillis() {
        return 1_000_000 + nanos / 1_000_000;
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void pause(long forNanos) {
        pauses++;
        if (!ended) {
            nanos += forNanos;
        }
    }

    @Override
    public void end() {
        ended = true;
    }

    void advance(long byNanos) {
        nanos += byNanos;
    }

    int pauses() {
        return pauses;
    }
}
