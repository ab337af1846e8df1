package io.millrace.log.metadata;

/** How many partitions a client may still create or delete (KIP-599). */
@FunctionalInterface
public interface ChangeBudget {

    /** No bound. */
    ChangeBudget UNLIMITED = partitions -> true;

    /** Whether {@code partitions} may be created or deleted now; if so, they are taken off. */
    boolean take(int partitions);
}
