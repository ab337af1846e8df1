package io.millrace.connector.faker;

import io.millrace.connector.faker.ShopScript.Change;
import io.millrace.connector.faker.ShopScript.Table;
import java.math.BigDecimal;
import java.util.Date;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.datafaker.Faker;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Makes the key and the row of a change: one list of columns per table says what stands in them.
 *
 * <p>What belongs to a row for good (its references, prices, names) is drawn by row; what an update alters is drawn by
 * change. An order's total is its shipping plus its items, and a payment pays it, so sums can be checked downstream.
 * Words come from pools drawn once: a call of the faker library per field would be the slowest part by far.
 */
final class ShopRows {

    /** A change as it goes into a record; no value means that the row is deleted. */
    record Row(Struct key, @Nullable Struct value) {}

    private record Column(String name, Schema schema, Function<Draw, @Nullable Object> value) {}

    /** The first columns of a table are its key. */
    private record Shape(List<Column> columns, Schema key, Schema row) {}

    private static final Schema MONEY = Decimal.schema(2);
    private static final Schema FEE = Decimal.builder(4).optional().build();
    private static final Schema DATE =
            org.apache.kafka.connect.data.Date.builder().optional().build();

    /** One change comes this long after the one before, give or take. */
    private static final long MILLIS_PER_CHANGE = 250;

    private static final long OPENED_MILLIS = 1_704_067_200_000L; // 2024-01-01T00:00:00Z
    private static final long DAY_MILLIS = TimeUnit.DAYS.toMillis(1);
    private static final int POOL_WORDS = 256;

    private static final List<String> COUNTRIES = List.of("AT", "CH", "CZ", "DE", "ES", "FR", "IE", "JP", "PL", "SE");
    private static final List<String> STATUSES = List.of("paid", "packed", "shipped", "delivered", "returned");
    private static final List<String> METHODS = List.of("card", "invoice", "transfer", "voucher");

    /** Text that careless escaping, splitting or re-encoding would spoil. */
    private static final List<String> NOTES = List.of(
            "Ring twice, \"Dupont & fils\"",
            "It's for the neighbour's children; don't fold",
            "two lines:\nsecond\tone",
            "back\\slash, 100 % 'quoted', {\"json\": [1, null]}",
            "Grüße aus Łódź, à bientôt, 東京 🎁",
            "NULL",
            "");

    private final ShopScript script;
    private final List<String> firstNames;
    private final List<String> lastNames;
    private final List<String> productNames;
    private final List<String> categories;
    private final List<String> domains;
    private final Map<Table, Shape> shapes = new EnumMap<>(Table.class);

    ShopRows(ShopScript script, long seed) {
        this.script = script;
        Random random = new Random(seed);
        List<Faker> fakers = Stream.of("en", "fr", "de", "es")
                .map(language -> new Faker(Locale.of(language), random))
                .toList();
        Faker english = fakers.getFirst();
        firstNames = fakers.stream()
                .flatMap(faker -> words(() -> faker.name().firstName()))
                .toList();
        lastNames = fakers.stream()
                .flatMap(faker -> words(() -> faker.name().lastName()))
                .toList();
        productNames = words(() -> english.commerce().productName()).toList();
        categories = words(() -> english.commerce().department()).toList();
        domains = words(() -> english.internet().domainName()).toList();
        define(Table.CUSTOMERS, 1, customers());
        define(Table.PRODUCTS, 1, products());
        define(Table.ORDERS, 1, orders());
        define(Table.ORDER_ITEMS, 2, orderItems());
        define(Table.PAYMENTS, 1, payments());
    }

    /** The key and the row that a change leaves behind. */
    Row row(Change change) {
        Shape shape = Objects.requireNonNull(shapes.get(change.table()));
        Draw draw = new Draw(script, change);
        Struct key = new Struct(shape.key());
        Struct row = new Struct(change.delete() ? shape.key() : shape.row());
        int columns = row.schema().fields().size();
        int keyColumns = shape.key().fields().size();
        for (int i = 0; i < columns; i++) {
            Object value = shape.columns().get(i).value().apply(draw);
            row.put(row.schema().fields().get(i), value);
            if (i < keyColumns) {
                key.put(shape.key().fields().get(i), value);
            }
        }
        return new Row(key, change.delete() ? null : row);
    }

    private List<Column> customers() {
        return List.of(
                new Column("id", Schema.INT64_SCHEMA, Draw::rowNumber),
                new Column("name", Schema.STRING_SCHEMA, d -> pick(firstNames, d.kept) + " " + pick(lastNames, d.kept)),
                new Column("email", Schema.STRING_SCHEMA, d -> "c" + d.rowNumber() + "@" + pick(domains, d.kept)),
                new Column("phone", Schema.OPTIONAL_STRING_SCHEMA, d -> d.sparse("+" + d.fresh.nextLong(1L << 36))),
                new Column("country", Schema.STRING_SCHEMA, d -> pick(COUNTRIES, d.kept)),
                new Column("birth_date", DATE, d -> d.sparse(date(d.kept.nextLong(-14_000, 13_500)))),
                new Column("loyalty_points", Schema.INT32_SCHEMA, d -> d.fresh.nextInt(100_000)),
                new Column("newsletter", Schema.BOOLEAN_SCHEMA, d -> d.fresh.nextBoolean()),
                new Column("created_at", Timestamp.SCHEMA, d -> time(d.change.insertNumber())),
                new Column("updated_at", Timestamp.SCHEMA, d -> time(d.change.number())));
    }

    private List<Column> products() {
        return List.of(
                new Column("id", Schema.INT32_SCHEMA, d -> Math.toIntExact(d.rowNumber())),
                new Column(
                        "name",
                        Schema.STRING_SCHEMA,
                        d -> pick(productNames, d.kept) + " " + d.kept.nextInt(40) + "\""),
                new Column("category", Schema.STRING_SCHEMA, d -> pick(categories, d.kept)),
                new Column("description", Schema.OPTIONAL_STRING_SCHEMA, d -> d.sparse(pick(NOTES, d.fresh))),
                new Column("price", MONEY, d -> money(d.fresh.nextLong(99, 100_000))),
                new Column("weight_kg", Schema.OPTIONAL_FLOAT64_SCHEMA, d -> d.sparse(d.kept.nextInt(40_000) / 1e3)),
                new Column("stock", Schema.INT32_SCHEMA, d -> d.fresh.nextInt(-5, 1000)),
                new Column("discontinued", Schema.BOOLEAN_SCHEMA, d -> d.fresh.nextInt(10) == 0),
                new Column("created_at", Timestamp.SCHEMA, d -> time(d.change.insertNumber())),
                new Column("updated_at", Timestamp.SCHEMA, d -> time(d.change.number())));
    }

    private List<Column> orders() {
        return List.of(
                new Column("id", Schema.INT64_SCHEMA, Draw::rowNumber),
                new Column("customer_id", Schema.INT64_SCHEMA, d -> script.customerOf(d.cycle(), d.ordinal())),
                new Column("status", Schema.STRING_SCHEMA, d -> d.isInsert() ? "new" : pick(STATUSES, d.fresh)),
                new Column("express", Schema.BOOLEAN_SCHEMA, d -> d.fresh.nextInt(4) == 0),
                new Column("shipping", MONEY, d -> money(shippingCents(d.cycle(), d.ordinal()))),
                new Column("total", MONEY, d -> money(totalCents(d.cycle(), d.ordinal()))),
                new Column("due_on", DATE, d -> d.sparse(date(millis(d.change.number()) / DAY_MILLIS + 9))),
                new Column("note", Schema.OPTIONAL_STRING_SCHEMA, d -> d.sparse(pick(NOTES, d.fresh))),
                new Column("created_at", Timestamp.SCHEMA, d -> time(d.change.insertNumber())),
                new Column("updated_at", Timestamp.SCHEMA, d -> time(d.change.number())));
    }

    private List<Column> orderItems() {
        return List.of(
                new Column("order_id", Schema.INT64_SCHEMA, d -> Table.ORDERS.rowNumber(d.cycle(), d.itemOrder())),
                new Column("line", Schema.INT32_SCHEMA, d -> d.ordinal() - ShopScript.firstItemOf(d.itemOrder()) + 1),
                new Column("product_id", Schema.INT32_SCHEMA, d -> script.productOf(d.cycle(), d.ordinal())),
                new Column("quantity", Schema.INT32_SCHEMA, d -> quantity(unitCents(d.cycle(), d.ordinal()))),
                new Column("unit_price", MONEY, d -> money(unitCents(d.cycle(), d.ordinal()))),
                new Column("gift_wrapped", Schema.BOOLEAN_SCHEMA, d -> d.fresh.nextInt(5) == 0),
                new Column("gift_text", Schema.OPTIONAL_STRING_SCHEMA, d -> d.sparse(pick(NOTES, d.fresh))),
                new Column("updated_at", Timestamp.SCHEMA, d -> time(d.change.number())));
    }

    private List<Column> payments() {
        return List.of(
                new Column("id", Schema.STRING_SCHEMA, d -> new UUID(d.kept.nextLong(), d.rowNumber()).toString()),
                new Column("order_id", Schema.INT64_SCHEMA, d -> Table.ORDERS.rowNumber(d.cycle(), d.ordinal())),
                new Column("method", Schema.STRING_SCHEMA, d -> pick(METHODS, d.kept)),
                new Column("amount", MONEY, d -> money(totalCents(d.cycle(), d.ordinal()))),
                new Column("fee", FEE, d -> d.sparse(BigDecimal.valueOf(d.kept.nextLong(50_000), 4))),
                new Column("refunded", Schema.BOOLEAN_SCHEMA, d -> d.fresh.nextInt(20) == 0),
                new Column("created_at", Timestamp.SCHEMA, d -> time(d.change.insertNumber())),
                new Column("updated_at", Timestamp.SCHEMA, d -> time(d.change.number())));
    }

    /** The random values of one change: {@code kept} stay with the row, {@code fresh} are new with every change. */
    private static final class Draw {

        final Change change;
        final SplittableRandom kept;
        final SplittableRandom fresh;

        Draw(ShopScript script, Change change) {
            this.change = change;
            kept = script.rowRandom(change.table(), change.cycle(), change.ordinal());
            fresh = script.changeRandom(change.number());
        }

        long cycle() {
            return change.cycle();
        }

        int ordinal() {
            return change.ordinal();
        }

        long rowNumber() {
            return change.table().rowNumber(change.cycle(), change.ordinal());
        }

        int itemOrder() {
            return ShopScript.orderOf(change.ordinal());
        }

        boolean isInsert() {
            return change.number() == change.insertNumber();
        }

        @Nullable
        Object sparse(Object value) {
            return fresh.nextInt(4) == 0 ? null : value;
        }
    }

    private void define(Table table, int keyColumns, List<Column> columns) {
        Schema key = schema(table, "Key", columns.subList(0, keyColumns));
        shapes.put(table, new Shape(columns, key, schema(table, "Value", columns)));
    }

    private static Schema schema(Table table, String role, List<Column> columns) {
        SchemaBuilder builder = SchemaBuilder.struct().name("shop." + table.tableName() + "." + role);
        columns.forEach(column -> builder.field(column.name(), column.schema()));
        return builder.build();
    }

    private long totalCents(long cycle, int order) {
        long cents = shippingCents(cycle, order);
        for (int item = ShopScript.firstItemOf(order); item < ShopScript.firstItemOf(order + 1); item++) {
            cents += quantity(unitCents(cycle, item)) * unitCents(cycle, item);
        }
        return cents;
    }

    private long shippingCents(long cycle, int order) {
        return script.rowRandom(Table.ORDERS, cycle, order).nextLong(2_500);
    }

    private long unitCents(long cycle, int item) {
        return script.rowRandom(Table.ORDER_ITEMS, cycle, item).nextLong(99, 100_000);
    }

    private static int quantity(long unitCents) {
        return 1 + (int) (unitCents % 7);
    }

    private static long millis(long number) {
        return OPENED_MILLIS + number * MILLIS_PER_CHANGE + number * 7919 % MILLIS_PER_CHANGE;
    }

    private static Date time(long number) {
        return Timestamp.toLogical(Timestamp.SCHEMA, millis(number));
    }

    private static Date date(long epochDay) {
        return org.apache.kafka.connect.data.Date.toLogical(DATE, (int) epochDay);
    }

    private static BigDecimal money(long cents) {
        return BigDecimal.valueOf(cents, 2);
    }

    private static String pick(List<String> words, SplittableRandom random) {
        return words.get(random.nextInt(words.size()));
    }

    private static Stream<String> words(Supplier<String> source) {
        return Stream.generate(source).limit(POOL_WORDS);
    }
}
