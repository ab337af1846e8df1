import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/**
 * Prints the rows of an Iceberg table, as soon as there are as many as expected: IcebergRows TABLE ROWS KEY=VALUE...,
 * with the keys of a catalog. Ends with 1, and what there is, when there are not after two minutes.
 */
public final class IcebergRows {

    public static void main(String[] args) throws Exception {
        Map<String, String> catalogKeys = new HashMap<>();
        for (int i = 2; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            catalogKeys.put(pair[0], pair[1]);
        }
        Catalog catalog = CatalogUtil.buildIcebergCatalog("iceberg", catalogKeys, null);
        TableIdentifier name = TableIdentifier.parse(args[0]);
        int expected = Integer.parseInt(args[1]);
        Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
        List<String> rows = List.of();
        while (rows.size() < expected && Instant.now().isBefore(deadline)) {
            Thread.sleep(100);
            rows = catalog.tableExists(name) ? rows(catalog.loadTable(name)) : List.of();
        }
        rows.forEach(System.out::println);
        System.exit(rows.size() == expected ? 0 : 1);
    }

    private static List<String> rows(Table table) throws Exception {
        List<String> rows = new ArrayList<>();
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            records.forEach(record -> rows.add(record.getField("id") + " " + record.getField("item")));
        }
        return rows;
    }
}
