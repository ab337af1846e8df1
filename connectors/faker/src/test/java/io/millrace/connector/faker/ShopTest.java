package io.millrace.connector.faker;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What the shop as a whole promises, checked on some hundred cycles of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShopTest {

    private final Map<String, Schema> keySchemas = new HashMap<>();
    private List<SourceRecord> records = List.of();
    private Map<String, Map<Struct, Struct>> state = Map.of();

    @BeforeAll
    void makeTheShop() {
        records = ShopRun.drain(Map.of("rows", "20034", "topic.prefix", "", "seed", "42"), null);
        state = ShopRun.fold(records);
        records.forEach(record -> keySchemas.put(record.topic(), record.keySchema()));
    }

    @Test
    void everyReferenceHoldsAfterEveryChange() {
        Map<String, Map<Struct, Struct>> now = new HashMap<>();
        Map<Object, Integer> children = new HashMap<>();
        for (SourceRecord record : records) {
            count(children, now.getOrDefault(record.topic(), Map.of()).get(record.key()), record.topic(), -1);
            ShopRun.apply(now, record);
            if (record.value() == null) {
                assertThat(children.getOrDefault(parentName(record.topic(), record.key()), 0))
                        .as("children of deleted %s %s", record.topic(), record.key())
                        .isZero();
            } else {
                assertParentsExist(now, record);
                count(children, (Struct) record.value(), record.topic(), 1);
            }
        }
    }

    @Test
    void updatesAndDeletesAreAGoodShare() {
        Map<Object, Set<Object>> seen = new HashMap<>();
        int updates = 0;
        int deletes = 0;
        for (SourceRecord record : records) {
            boolean first =
                    seen.computeIfAbsent(record.topic(), t -> new HashSet<>()).add(record.key());
            deletes += record.value() == null ? 1 : 0;
            updates += record.value() != null && !first ? 1 : 0;
        }
        assertThat(updates * 100 / records.size()).isBetween(20, 40);
        assertThat(deletes * 100 / records.size()).isBetween(8, 20);
    }

    @Test
    void deletesOnlyRowsThatAreThere() {
        Map<String, Map<Struct, Struct>> now = new HashMap<>();
        for (SourceRecord record : records) {
            if (record.value() == null) {
                assertThat(now.get(record.topic())).containsKey((Struct) record.key());
            }
            ShopRun.apply(now, record);
        }
    }

    @Test
    void keyIsAlsoInTheRow() {
        for (SourceRecord record : records) {
            if (record.value() instanceof Struct row) {
                for (Field field : record.keySchema().fields()) {
                    assertThat(row.get(field.name())).isEqualTo(((Struct) record.key()).get(field));
                }
            }
        }
    }

    @Test
    void totalsAndPaymentsAddUp() {
        Map<Object, BigDecimal> sums = new HashMap<>();
        rows("orders").forEach(order -> sums.put(order.get("id"), decimal(order, "shipping")));
        rows("order_items")
                .forEach(item -> sums.merge(
                        item.get("order_id"),
                        decimal(item, "unit_price").multiply(BigDecimal.valueOf(item.getInt32("quantity"))),
                        BigDecimal::add));
        assertThat(rows("orders"))
                .allSatisfy(order -> assertThat(decimal(order, "total")).isEqualTo(sums.get(order.get("id"))));
        assertThat(rows("payments"))
                .allSatisfy(paid -> assertThat(decimal(paid, "amount")).isEqualTo(sums.get(paid.get("order_id"))));
    }

    @Test
    void everyOptionalFieldIsSometimesNullAndSometimesNot() {
        for (String table : state.keySet()) {
            for (Field field : rows(table).getFirst().schema().fields()) {
                Set<Boolean> nulls =
                        rows(table).stream().map(row -> row.get(field) == null).collect(Collectors.toSet());
                assertThat(nulls)
                        .as(table + "." + field.name())
                        .hasSize(field.schema().isOptional() ? 2 : 1);
            }
        }
    }

    @Test
    void namesExerciseEscaping() {
        String names =
                rows("customers").stream().map(row -> row.getString("name")).collect(Collectors.joining());
        assertThat(names).contains("'").containsPattern("[éèêëçäöüßłżąñ]");
        String notes = rows("orders").stream()
                .map(row -> String.valueOf(row.get("note")))
                .collect(Collectors.joining());
        assertThat(notes).contains("\"", "\n", "\\", "東京 🎁", "NULL");
    }

    /** A change of this number means: an older shop cannot be continued by this version, so say so in the changelog. */
    @Test
    void shopOfASeedStaysTheSameFromVersionToVersion() {
        int hash = 1;
        for (SourceRecord record : records) {
            hash = 31 * hash + record.topic().hashCode();
            hash = 31 * hash + hash((Struct) record.key());
            hash = 31 * hash + (record.value() == null ? 0 : hash((Struct) record.value()));
        }
        assertThat(hash).isEqualTo(-1_636_176_990);
    }

    private static int hash(Struct struct) {
        return struct.schema().fields().stream().map(struct::get).toList().hashCode();
    }

    private void assertParentsExist(Map<String, Map<Struct, Struct>> now, SourceRecord record) {
        for (Map.Entry<String, String> reference : references(record.topic()).entrySet()) {
            Object parent = ((Struct) record.value()).get(reference.getKey());
            Map<Struct, Struct> parents = now.getOrDefault(reference.getValue(), Map.of());
            Struct key = new Struct(keySchemas.get(reference.getValue())).put("id", parent);
            assertThat(parents).as("%s of %s", reference.getKey(), record.key()).containsKey(key);
        }
    }

    private static void count(Map<Object, Integer> children, @Nullable Struct row, String topic, int by) {
        if (row != null) {
            references(topic).forEach((field, parent) -> children.merge(parent + row.get(field), by, Integer::sum));
        }
    }

    private static String parentName(String topic, Object key) {
        Struct struct = (Struct) key;
        return topic + struct.get(struct.schema().fields().getFirst());
    }

    private static Map<String, String> references(String table) {
        return switch (table) {
            case "orders" -> Map.of("customer_id", "customers");
            case "order_items" -> Map.of("order_id", "orders", "product_id", "products");
            case "payments" -> Map.of("order_id", "orders");
            default -> Map.of();
        };
    }

    private List<Struct> rows(String table) {
        return List.copyOf(state.getOrDefault(table, Map.of()).values());
    }

    private static BigDecimal decimal(Struct row, String field) {
        return (BigDecimal) row.get(field);
    }
}
