package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running broker and a running Apache Kafka say of themselves, side by side, in docs/conformance.md. */
class ApiConformanceTest {

    private static final short VERSION = 4;
    private static final short HEADER_VERSION = 2;

    /** Of share groups (KIP-932) and streams groups (KIP-1071), of clients and between brokers. */
    private static final Set<ApiKeys> LEFT_OUT = Set.of(
            ApiKeys.SHARE_GROUP_HEARTBEAT,
            ApiKeys.SHARE_GROUP_DESCRIBE,
            ApiKeys.SHARE_FETCH,
            ApiKeys.SHARE_ACKNOWLEDGE,
            ApiKeys.INITIALIZE_SHARE_GROUP_STATE,
            ApiKeys.READ_SHARE_GROUP_STATE,
            ApiKeys.WRITE_SHARE_GROUP_STATE,
            ApiKeys.DELETE_SHARE_GROUP_STATE,
            ApiKeys.READ_SHARE_GROUP_STATE_SUMMARY,
            ApiKeys.STREAMS_GROUP_HEARTBEAT,
            ApiKeys.STREAMS_GROUP_DESCRIBE,
            ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
            ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
            ApiKeys.DELETE_SHARE_GROUP_OFFSETS);

    @TempDir
    static Path directory;

    private static ApiVersionsResponseData kafka;
    private static ApiVersionsResponseData millrace;

    @BeforeAll
    static void ask() throws Exception {
        KafkaTools.require();
        Path ours = Files.createDirectory(directory.resolve("ours"));
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        try (Broker broker = Broker.start(BrokerConfig.of(ours, HostPort.parse("127.0.0.1:0")));
                KafkaPeer peer = new KafkaPeer(theirs)) {
            millrace = ask(broker.listenAddress());
            kafka = ask(peer.address());
        }
    }

    private static ApiVersionsResponseData ask(HostPort address) throws IOException {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1");
        try (RawClient client = new RawClient(address)) {
            client.send(RawClient.request(VERSION, HEADER_VERSION, 1, request));
            ByteBuffer answer = client.receive();
            ByteBufferAccessor readable = new ByteBufferAccessor(answer);
            // Of this API the header stays at version 0, so that clients of any age can read it.
            assertThat(new ResponseHeaderData(readable, (short) 0).correlationId())
                    .isOne();
            ApiVersionsResponseData data = new ApiVersionsResponseData(readable, VERSION);
            assertThat(data.errorCode()).isZero();
            assertThat(answer.hasRemaining()).isFalse();
            return data;
        }
    }

    @Test
    void advertisesWhatKafkaAdvertisesButShareAndStreamsGroups() {
        Map<Short, String> expected = ranges(kafka);
        LEFT_OUT.forEach(api -> assertThat(expected.remove(api.id)).isNotNull());

        assertThat(ranges(millrace)).isEqualTo(expected);
    }

    @Test
    void theReportListsApisOfBoth() throws IOException {
        Map<Short, String> ours = ranges(millrace);
        Map<Short, String> theirs = ranges(kafka);
        List<String> lines = new ArrayList<>(List.of("| key | API | Kafka | Millrace |", "|---|---|---|---|"));
        union(ours.keySet(), theirs.keySet())
                .forEach(key -> lines.add("| %d | %s | %s | %s |"
                        .formatted(key, ApiKeys.forId(key).name, shown(theirs, key), shown(ours, key))));

        ConformanceReport.hold("apis", lines);
    }

    @Test
    void theReportListsFeaturesOfBoth() throws IOException {
        Map<String, String> ours = features(millrace);
        Map<String, String> theirs = features(kafka);
        List<String> lines = new ArrayList<>(List.of("| feature | Kafka | Millrace |", "|---|---|---|"));
        union(ours.keySet(), theirs.keySet())
                .forEach(name -> lines.add("| %s | %s | %s |".formatted(name, shown(theirs, name), shown(ours, name))));

        ConformanceReport.hold("features", lines);
    }

    private static Map<Short, String> ranges(ApiVersionsResponseData data) {
        Map<Short, String> ranges = new TreeMap<>();
        data.apiKeys().forEach(api -> ranges.put(api.apiKey(), api.minVersion() + "-" + api.maxVersion()));
        return ranges;
    }

    private static Map<String, String> features(ApiVersionsResponseData data) {
        Map<String, String> levels = new TreeMap<>();
        data.finalizedFeatures().forEach(each -> levels.put(each.name(), Short.toString(each.maxVersionLevel())));
        return levels;
    }

    private static <K extends Comparable<K>> Set<K> union(Set<K> some, Set<K> others) {
        Set<K> all = new TreeSet<>(some);
        all.addAll(others);
        return all;
    }

    private static <K> String shown(Map<K, String> values, K key) {
        return values.getOrDefault(key, "");
    }
}
