package io.millrace.connector.faker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Says, for any sequence number, which row changes and how: a pure function, so any place can be gone to at once.
 *
 * <p>Changes come in cycles of {@link #CYCLE_CHANGES}. Every cycle plays the same steps on other rows:
 *
 * <pre>
 *   insert   4 customers, 2 products, 6 orders with 14 items and 5 payments; parents before children
 *   update   rows of this cycle and of earlier ones
 *   delete   the short-lived rows of one earlier cycle: an order whole, then its customer, then its product
 *   return   delete one order item and insert it again, under the same key
 * </pre>
 *
 * <p>Invariant: after any number of changes every reference points at a row that is there. The first rows of a table
 * in a cycle (below {@code firstKept}) are short-lived and only the short-lived rows of that same cycle refer to them;
 * kept rows are never deleted for good, refer to kept rows only, and to none that is made later.
 */
final class ShopScript {

    /** The five tables; a cycle makes {@code rowsPerCycle} new rows in each. */
    enum Table {
        CUSTOMERS("customers", 0, 4, 1, Long.MAX_VALUE),
        PRODUCTS("products", 1, 2, 1, Long.MAX_VALUE),
        ORDERS("orders", 2, 6, 1, 20),
        ORDER_ITEMS("order_items", 3, 14, 2, 20),
        PAYMENTS("payments", 4, 5, 1, 20);

        private final String tableName;
        private final int drawSpace;
        private final int rowsPerCycle;
        private final int firstKept;

        /** How many cycles back an update may go. */
        private final long reachCycles;

        Table(String tableName, int drawSpace, int rowsPerCycle, int firstKept, long reachCycles) {
            this.tableName = tableName;
            this.drawSpace = drawSpace;
            this.rowsPerCycle = rowsPerCycle;
            this.firstKept = firstKept;
            this.reachCycles = reachCycles;
        }

        String tableName() {
            return tableName;
        }

        /** The number of a row in its table, from 1 up. */
        long rowNumber(long cycle, int ordinal) {
            return cycle * rowsPerCycle + ordinal + 1;
        }
    }

    /**
     * One change of one row.
     *
     * @param number the change's sequence number
     * @param insertNumber the sequence number of the change that first inserted the row
     * @param cycle the cycle that the row belongs to
     * @param ordinal the row's place among the rows of its table in that cycle
     */
    record Change(Table table, boolean delete, long number, long insertNumber, long cycle, int ordinal) {}

    private enum Kind {
        INSERT,
        UPDATE,
        DELETE_SHORT_LIVED,
        WITHDRAW,
        PUT_BACK
    }

    // Draws of different meaning never share a random stream: tables have spaces 0 to 4, and these follow.
    private static final int TARGET_SPACE = 5;
    private static final int ERA_SPACE = 6;
    private static final int CHANGE_SPACE = 7;

    private record Step(Kind kind, Table table, int ordinal) {}

    /** Where the items of each order begin among the items of a cycle; the last number is their count. */
    private static final int[] FIRST_ITEM = {0, 2, 3, 6, 8, 12, 14};

    private static final List<Step> STEPS = steps();

    /** By table and row: which step inserts it. */
    private static final Map<Table, int[]> INSERT_SLOTS = insertSlots();

    static final int CYCLE_CHANGES = STEPS.size();

    /** Product ids are 32 bits wide, which ends even an endless shop. */
    static final long CHANGES_MAX = Integer.MAX_VALUE / Table.PRODUCTS.rowsPerCycle * (long) CYCLE_CHANGES;

    /** Short-lived rows go in the era of cycles after their own, one cycle's rows a cycle, in an order drawn by era. */
    private static final int ERA_CYCLES = 8;

    private final long mixedSeed;

    ShopScript(long seed) {
        mixedSeed = new SplittableRandom(seed).nextLong();
    }

    /** The change with that sequence number, which counts from 0. */
    Change change(long number) {
        long cycle = number / CYCLE_CHANGES;
        int slot = (int) (number % CYCLE_CHANGES);
        Step step = STEPS.get(slot);
        return switch (step.kind()) {
            case INSERT -> change(step.table(), false, number, cycle, step.ordinal());
            case UPDATE -> keptRow(step.table(), false, number, number);
            case WITHDRAW -> keptRow(step.table(), true, number, number);
            case PUT_BACK -> keptRow(step.table(), false, number, number - 1);
            case DELETE_SHORT_LIVED -> {
                if (cycle < ERA_CYCLES) {
                    yield keptRow(step.table(), false, number, number);
                }
                yield change(step.table(), true, number, endingCycle(cycle), step.ordinal());
            }
        };
    }

    /** A kept row of this or an earlier cycle, drawn by {@code drawNumber}. */
    private Change keptRow(Table table, boolean delete, long number, long drawNumber) {
        SplittableRandom random = random(TARGET_SPACE, drawNumber);
        long cycle = number / CYCLE_CHANGES;
        long target = cycle - random.nextLong(Math.min(cycle, table.reachCycles) + 1);
        return change(table, delete, number, target, keptOrdinal(table, random));
    }

    private Change change(Table table, boolean delete, long number, long cycle, int ordinal) {
        long insertNumber = cycle * CYCLE_CHANGES + Objects.requireNonNull(INSERT_SLOTS.get(table))[ordinal];
        return new Change(table, delete, number, insertNumber, cycle, ordinal);
    }

    private long endingCycle(long cycle) {
        long era = cycle / ERA_CYCLES;
        SplittableRandom random = random(ERA_SPACE, era);
        int odd = random.nextInt(ERA_CYCLES / 2) * 2 + 1;
        int shift = random.nextInt(ERA_CYCLES);
        long place = cycle % ERA_CYCLES;
        return (era - 1) * ERA_CYCLES + (odd * place + shift) % ERA_CYCLES;
    }

    /** The customer of an order, as a row number. */
    long customerOf(long cycle, int orderOrdinal) {
        if (orderOrdinal < Table.ORDERS.firstKept) {
            return Table.CUSTOMERS.rowNumber(cycle, 0);
        }
        SplittableRandom random = rowRandom(Table.ORDERS, cycle, orderOrdinal);
        return Table.CUSTOMERS.rowNumber(random.nextLong(cycle + 1), keptOrdinal(Table.CUSTOMERS, random));
    }

    /** The product of an order item, as a row number. */
    int productOf(long cycle, int itemOrdinal) {
        SplittableRandom random = rowRandom(Table.ORDER_ITEMS, cycle, itemOrdinal);
        long number = itemOrdinal == 0
                ? Table.PRODUCTS.rowNumber(cycle, 0)
                : Table.PRODUCTS.rowNumber(random.nextLong(cycle + 1), keptOrdinal(Table.PRODUCTS, random));
        return Math.toIntExact(number);
    }

    /** The order that an item belongs to, as an ordinal; its first item is {@link #firstItemOf}. */
    static int orderOf(int itemOrdinal) {
        int order = 0;
        while (FIRST_ITEM[order + 1] <= itemOrdinal) {
            order++;
        }
        return order;
    }

    static int firstItemOf(int orderOrdinal) {
        return FIRST_ITEM[orderOrdinal];
    }

    /** Random values that belong to a row for good. */
    SplittableRandom rowRandom(Table table, long cycle, int ordinal) {
        return random(table.drawSpace, table.rowNumber(cycle, ordinal));
    }

    /** Random values that belong to one change of a row. */
    SplittableRandom changeRandom(long number) {
        return random(CHANGE_SPACE, number);
    }

    private SplittableRandom random(int space, long number) {
        return new SplittableRandom(mixedSeed + ((long) space << 56) + number);
    }

    private static int keptOrdinal(Table table, SplittableRandom random) {
        return random.nextInt(table.firstKept, table.rowsPerCycle);
    }

    private static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        addInserts(steps, Table.CUSTOMERS, 0, Table.CUSTOMERS.rowsPerCycle);
        addInserts(steps, Table.PRODUCTS, 0, Table.PRODUCTS.rowsPerCycle);
        for (int order = 0; order < Table.ORDERS.rowsPerCycle; order++) {
            addInserts(steps, Table.ORDERS, order, order + 1);
            addInserts(steps, Table.ORDER_ITEMS, FIRST_ITEM[order], FIRST_ITEM[order + 1]);
            addInserts(steps, Table.PAYMENTS, order, Math.min(order + 1, Table.PAYMENTS.rowsPerCycle));
        }
        steps.addAll(Collections.nCopies(2, new Step(Kind.UPDATE, Table.CUSTOMERS, 0)));
        steps.addAll(Collections.nCopies(3, new Step(Kind.UPDATE, Table.PRODUCTS, 0)));
        steps.addAll(Collections.nCopies(6, new Step(Kind.UPDATE, Table.ORDERS, 0)));
        steps.addAll(Collections.nCopies(2, new Step(Kind.UPDATE, Table.ORDER_ITEMS, 0)));
        steps.add(new Step(Kind.UPDATE, Table.PAYMENTS, 0));
        for (Table table : List.of(Table.PAYMENTS, Table.ORDER_ITEMS, Table.ORDERS, Table.CUSTOMERS, Table.PRODUCTS)) {
            for (int ordinal = 0; ordinal < table.firstKept; ordinal++) {
                steps.add(new Step(Kind.DELETE_SHORT_LIVED, table, ordinal));
            }
        }
        steps.add(new Step(Kind.WITHDRAW, Table.ORDER_ITEMS, 0));
        steps.add(new Step(Kind.PUT_BACK, Table.ORDER_ITEMS, 0));
        return List.copyOf(steps);
    }

    private static void addInserts(List<Step> steps, Table table, int from, int to) {
        for (int ordinal = from; ordinal < to; ordinal++) {
            steps.add(new Step(Kind.INSERT, table, ordinal));
        }
    }

    private static Map<Table, int[]> insertSlots() {
        Map<Table, int[]> slots = new EnumMap<>(Table.class);
        for (Table table : Table.values()) {
            IntStream ordinals = IntStream.range(0, table.rowsPerCycle);
            slots.put(
                    table,
                    ordinals.map(ordinal -> STEPS.indexOf(new Step(Kind.INSERT, table, ordinal)))
                            .toArray());
        }
        return slots;
    }
}
