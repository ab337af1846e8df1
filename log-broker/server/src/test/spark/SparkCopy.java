import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Copies a topic to another with Spark structured streaming, in two queries of which the second goes on from the
 * checkpoint of the first, and in a third that runs while records come in. Arguments: the broker's address, and a
 * directory. Prints versions, and then one line per check.
 */
final class SparkCopy {

    private static final String FROM = "spark-from";
    private static final String TO = "spark-to";
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 10_000;

    private final String bootstrap;
    private final String directory;
    private final SparkSession spark;

    private SparkCopy(String bootstrap, String directory) {
        this.bootstrap = bootstrap;
        this.directory = directory;
        this.spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2)
                .config("spark.sql.warehouse.dir", directory + "/warehouse")
                .getOrCreate();
    }

    public static void main(String[] args) throws Exception {
        new SparkCopy(args[0], args[1]).run();
        System.exit(0);
    }

    private void run() throws Exception {
        System.out.println("version " + spark.version() + ", kafka-clients " + AppInfoParser.getVersion());
        createTopics();
        for (int from = 0; from < 2 * RECORDS; from += RECORDS) {
            produce(from);
            copy().trigger(Trigger.AvailableNow()).start().awaitTermination();
        }
        System.out.println("exact " + isExact(2 * RECORDS));

        StreamingQuery running = copy().trigger(Trigger.ProcessingTime(100)).start();
        produce(2 * RECORDS);
        running.processAllAvailable();
        running.stop();
        System.out.println("exact " + isExact(3 * RECORDS));
        spark.stop();
    }

    private void createTopics() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(
                            new NewTopic(FROM, PARTITIONS, (short) 1), new NewTopic(TO, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private void produce(int from) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap, "compression.type", "zstd");
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = from; i < from + RECORDS; i++) {
                producer.send(new ProducerRecord<>(FROM, "key-" + i, "value-" + i));
            }
        }
    }

    private DataStreamWriter<Row> copy() {
        return spark.readStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", bootstrap)
                .option("subscribe", FROM)
                .option("startingOffsets", "earliest")
                .option("maxOffsetsPerTrigger", 3_000)
                .load()
                .select("key", "value")
                .writeStream()
                .format("kafka")
                .option("kafka.bootstrap.servers", bootstrap)
                .option("topic", TO)
                .option("checkpointLocation", directory + "/checkpoint");
    }

    /** Whether a batch query finds each record once, under its key. */
    private boolean isExact(int count) {
        Dataset<Row> copied = spark.read()
                .format("kafka")
                .option("kafka.bootstrap.servers", bootstrap)
                .option("subscribe", TO)
                .load()
                .selectExpr("CAST(key AS STRING) AS key", "CAST(value AS STRING) AS value");
        long wrong = copied.filter(functions.expr("substring(key, 5) <> substring(value, 7)"))
                .count();
        List<String> expected = IntStream.range(0, count).mapToObj(i -> "value-" + i).sorted().toList();
        List<String> found = copied.select("value").orderBy("value").as(Encoders.STRING())
                .collectAsList();
        return wrong == 0 && found.equals(expected);
    }
}
