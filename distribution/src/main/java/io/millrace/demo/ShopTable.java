package io.millrace.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * A table of the demo's shop.
 *
 * @param references what holds between it and the others
 */
record ShopTable(String name, List<Reference> references) {

    static final List<ShopTable> ALL = List.of(
            new ShopTable("customers", List.of()),
            new ShopTable("products", List.of()),
            new ShopTable("orders", List.of(new Reference("customer_id", "customers", "id"))),
            new ShopTable(
                    "order_items",
                    List.of(new Reference("order_id", "orders", "id"), new Reference("product_id", "products", "id"))),
            new ShopTable("payments", List.of(new Reference("order_id", "orders", "id"))));

    /** A foreign key: {@code column} of this table names the row of {@code table} whose {@code key} is equal. */
    record Reference(String column, String table, String key) {}

    ShopTable {
        references = List.copyOf(references);
    }

    /** True if the database has all of the tables. */
    static boolean allIn(Connection database) throws SQLException {
        for (ShopTable table : ALL) {
            try (ResultSet found = database.getMetaData().getTables(null, "public", table.name(), null)) {
                if (!found.next()) {
                    return false;
                }
            }
        }
        return true;
    }
}
