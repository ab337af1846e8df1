package io.millrace.connector.tables;

import io.millrace.connector.tables.RowSet.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one table with the same columns, reduced to the last one per key. Applied as deletes, then rows: a key
 * that was deleted and came back is in both, so that nothing of the old row stays.
 */
final class ChangeGroup {

    private static final class Key {
        private final @Nullable Object[] values;

        Key(@Nullable Object[] values) {
            this.values = values;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.deepEquals(values, key.values);
        }

        @Override
        public int hashCode() {
            return Arrays.deepHashCode(values);
        }
    }

    private final TableName table;
    private final Operation writing;
    private final List<Column> keys;
    private @Nullable RowShape shape;
    private final Set<Key> deletes = new LinkedHashSet<>();
    private final Map<Key, @Nullable Object[]> rows = new LinkedHashMap<>();
    private final List<@Nullable Object[]> inserts = new ArrayList<>();

    private ChangeGroup(RowShape first, Operation writing) {
        this.table = first.table();
        this.writing = writing;
        this.keys = Sql.keys(first.columns());
    }

    /** Sorts changes into groups; where a table's columns change, a new group begins, and the order is kept. */
    static List<ChangeGroup> of(Collection<Change> changes, Operation writing) {
        List<ChangeGroup> groups = new ArrayList<>();
        Map<TableName, ChangeGroup> current = new HashMap<>();
        for (Change change : changes) {
            if (change.shape() == null) {
                continue;
            }
            RowShape shape = change.shape();
            ChangeGroup group = current.get(shape.table());
            if (group == null || !group.takes(shape, change.delete())) {
                group = new ChangeGroup(shape, writing);
                groups.add(group);
                current.put(shape.table(), group);
            }
            group.add(change, shape);
        }
        return groups;
    }

    TableName table() {
        return table;
    }

    /** The columns of the rows, or of the keys when there are only deletes. */
    List<Column> columns() {
        return shape == null ? keys : shape.columns();
    }

    boolean onlyDeletes() {
        return shape == null;
    }

    private boolean takes(RowShape other, boolean delete) {
        if (delete || shape == null) {
            return keys.equals(Sql.keys(other.columns()));
        }
        return shape.columns().equals(other.columns());
    }

    private void add(Change change, RowShape from) {
        if (!change.delete()) {
            shape = from;
        }
        if (writing == Operation.INSERT) {
            inserts.add(change.row());
            return;
        }
        Key key = new Key(Arrays.copyOf(change.row(), keys.size()));
        if (change.delete()) {
            rows.remove(key);
            deletes.add(key);
        } else {
            rows.merge(key, change.row(), ChangeGroup::fill);
        }
    }

    /** The later row, with what it left unsaid taken from the earlier one. */
    private static @Nullable Object[] fill(@Nullable Object[] earlier, @Nullable Object[] later) {
        @Nullable Object[] whole = later.clone();
        for (int i = 0; i < later.length; i++) {
            if (later[i] instanceof RowShape.Unsent) {
                whole[i] = earlier[i];
            }
        }
        return whole;
    }

    /** What to write, in order. */
    List<RowSet> rowSets(int tableColumns) {
        List<RowSet> sets = new ArrayList<>();
        if (!deletes.isEmpty()) {
            sets.add(new RowSet(table, keys, Operation.DELETE, false, deletedKeys()));
        }
        Map<BitSet, List<@Nullable Object[]>> byMissing = new LinkedHashMap<>();
        for (@Nullable Object[] row : writing == Operation.INSERT ? inserts : rows.values()) {
            byMissing.computeIfAbsent(missing(row), _ -> new ArrayList<>()).add(row);
        }
        for (Map.Entry<BitSet, List<@Nullable Object[]>> some : byMissing.entrySet()) {
            sets.add(rowSet(some.getKey(), some.getValue(), tableColumns));
        }
        return sets;
    }

    private List<@Nullable Object[]> deletedKeys() {
        List<@Nullable Object[]> values = new ArrayList<>(deletes.size());
        deletes.forEach(key -> values.add(key.values));
        return values;
    }

    private RowSet rowSet(BitSet missing, List<@Nullable Object[]> some, int tableColumns) {
        if (missing.isEmpty()) {
            return new RowSet(table, columns(), writing, columns().size() == tableColumns, some);
        }
        List<Column> present = new ArrayList<>(columns());
        missing.stream().boxed().toList().reversed().forEach(index -> present.remove(index.intValue()));
        List<@Nullable Object[]> cut =
                some.stream().map(row -> cut(row, missing)).toList();
        return new RowSet(table, present, writing, false, cut);
    }

    private static BitSet missing(@Nullable Object[] row) {
        BitSet missing = new BitSet();
        for (int i = 0; i < row.length; i++) {
            if (row[i] instanceof RowShape.Unsent) {
                missing.set(i);
            }
        }
        return missing;
    }

    private static @Nullable Object[] cut(@Nullable Object[] row, BitSet missing) {
        @Nullable Object[] cut = new @Nullable Object[row.length - missing.cardinality()];
        int to = 0;
        for (int i = 0; i < row.length; i++) {
            if (!missing.get(i)) {
                cut[to++] = row[i];
            }
        }
        return cut;
    }
}
