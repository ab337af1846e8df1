package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.CREATE_TOPICS;
import static io.millrace.log.simulation.Requests.PRODUCE;
import static io.millrace.log.simulation.Requests.createTopic;
import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static io.millrace.log.simulation.Requests.first;
import static io.millrace.log.simulation.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopicCollection;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a topic allows, and what is told of it. */
class TopicRulesTest {

    private static final int LOG_DIRS = 4;

    private final BrokerFixture broker = new BrokerFixture(2);
    private final TestClient client = broker.connect(0);

    private Errors write(Uuid topic, ByteBuffer batch) {
        ProduceResponseData answer = client.call(ProduceResponseData.class, produce(topic, 0, -1, batch), PRODUCE);
        return error(first(answer).errorCode());
    }

    private DescribeLogDirsResult logDirs(DescribeLogDirsRequestData request) {
        return client.call(DescribeLogDirsResponseData.class, request, LOG_DIRS)
                .results()
                .getFirst();
    }

    @Test
    void refusesForeignWritesToAnInternalTopic() {
        client.call(FindCoordinatorResponseData.class, new FindCoordinatorRequestData().setKey("shop"), 0);
        Uuid offsets = Objects.requireNonNull(broker.shard(0).image().topic("__consumer_offsets"))
                .id();

        assertThat(write(offsets, Batches.batch(1, "no key"))).isEqualTo(Errors.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void tellsTheSizeOfEveryPartition() {
        Uuid topic = created(client, "t", 3);
        created(client, "other", 1);
        ByteBuffer batch = Batches.batch(1, "a", "b");
        int size = batch.remaining();
        write(topic, batch);

        DescribeLogDirsResult all = logDirs(new DescribeLogDirsRequestData().setTopics(null));
        DescribableLogDirTopicCollection wanted = new DescribableLogDirTopicCollection();
        wanted.add(new DescribableLogDirTopic().setTopic("t").setPartitions(List.of(0, 2, 9)));
        DescribeLogDirsResult some = logDirs(new DescribeLogDirsRequestData().setTopics(wanted));

        assertThat(all.logDir()).isEqualTo("/data");
        assertThat(all.topics()).extracting(found -> found.name()).containsExactly("other", "t");
        assertThat(all.topics().getLast().partitions())
                .extracting(DescribeLogDirsPartition::partitionSize)
                .containsExactly((long) size, 0L, 0L);
        assertThat(some.topics().getFirst().partitions())
                .extracting(DescribeLogDirsPartition::partitionIndex)
                .containsExactly(0, 2);
    }

    @ParameterizedTest
    @CsvSource({
        "message.timestamp.before.max.ms, 899000, INVALID_TIMESTAMP",
        "message.timestamp.before.max.ms, 901000, NONE",
        "message.timestamp.after.max.ms, 1101000, INVALID_TIMESTAMP",
        "message.timestamp.after.max.ms, 1099000, NONE",
    })
    void takesTimestampsWithinTheBoundsOfTheTopicOnly(String key, long timestamp, Errors expected) {
        Uuid topic = created(client, "t", 1, key, "100000");

        assertThat(write(topic, Batches.batch(timestamp, "a"))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"cleanup.policy, ''", "max.message.bytes, 60", "retention.bytes, -2"})
    void refusesConfigsWithWhichATopicCouldNotWork(String key, String value) {
        CreateTopicsResponseData answer =
                client.call(CreateTopicsResponseData.class, createTopic("t", 1, key, value), CREATE_TOPICS);

        assertThat(error(answer.topics().find("t").errorCode())).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(answer.topics().find("t").errorMessage()).contains(key);
    }
}
