package io.millrace.bench.broker;

import io.millrace.bench.server.Durability;

/** How scenarios are described. */
final class Words {

    private Words() {}

    static String of(Durability durability) {
        return switch (durability) {
            case PAGE_CACHE -> "page cache";
            case EVERY_BATCH_SYNCED -> "each batch fsynced";
        };
    }
}
