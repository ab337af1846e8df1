package io.millrace.connect.testkit.contract;

/**
 * Where a task's life ends.
 *
 * @param step after which step
 * @param visit when that step is taken for so many times, from 1
 * @param ending how
 */
record Kill<S extends Enum<S>>(S step, int visit, Ending ending) {

    @Override
    public String toString() {
        return ending.name().toLowerCase(java.util.Locale.ROOT) + " at " + step + " " + visit;
    }
}
