package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.node.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtocolEdgesTest {

    private final BrokerFixture broker = new BrokerFixture(1);
    private final TestClient client = broker.connect(0);

    private static ByteBuffer header(int key, int version) {
        return ByteBuffer.allocateDirect(10)
                .putShort((short) key)
                .putShort((short) version)
                .putInt(4711)
                .putShort((short) -1)
                .flip();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void tellsWhatItServes(int version) {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1.0");

        ApiVersionsResponseData answer = client.call(ApiVersionsResponseData.class, request, version);

        assertThat(answer.apiKeys().find(ApiKeys.FETCH.id).maxVersion()).isEqualTo((short) 18);
        assertThat(answer.apiKeys().find(ApiKeys.PRODUCE.id).minVersion()).isZero();
        assertThat(answer.apiKeys().find(ApiKeys.ALTER_PARTITION.id)).isNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void tellsTheFeaturesThatAreInForce(int version) {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1.0");

        ApiVersionsResponseData answer = client.call(ApiVersionsResponseData.class, request, version);

        assertThat(answer.finalizedFeatures().find("group.version").maxVersionLevel())
                .isEqualTo((short) 1);
        assertThat(answer.finalizedFeatures().find("transaction.version").maxVersionLevel())
                .isEqualTo((short) 2);
        assertThat(answer.finalizedFeaturesEpoch()).isNotNegative();
        // A lowest level of 0 makes clients fail that ask in version 3.
        assertThat(answer.supportedFeatures().find("group.version") == null).isEqualTo(version == 3);
    }

    @Test
    void servesWhatTheDocumentationSays() throws IOException {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1.0");
        Pattern row = Pattern.compile("\\| (\\d+) \\| (\\w+) \\| (\\d+)-(\\d+) \\|.*");

        List<String> documented = Files.readAllLines(Path.of("../../docs/kafka-protocol.md")).stream()
                .map(row::matcher)
                .filter(Matcher::matches)
                .map(found -> found.group(1) + " " + found.group(2) + " to " + found.group(4))
                .toList();

        ApiVersionsResponseData served = client.call(ApiVersionsResponseData.class, request, 4);
        assertThat(documented)
                .isEqualTo(served.apiKeys().stream()
                        .map(api -> api.apiKey() + " " + ApiKeys.forId(api.apiKey()).name + " to " + api.maxVersion())
                        .toList());
    }

    @Test
    void answersAnUnknownVersionOfApiVersionsInVersionZero() {
        long request = client.sendFrame(header(ApiKeys.API_VERSIONS.id, 99));

        Reply reply = broker.replies.get(request);

        assertThat(reply).isNotNull();
        assertThat(reply.version()).isZero();
        assertThat(reply.headerVersion()).isZero();
        assertThat(((ApiVersionsResponseData) reply.body()).errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(((ApiVersionsResponseData) reply.body()).apiKeys()).isNotEmpty();
    }

    @Test
    void answersApiVersionsWithHeaderVersionZeroAlways() {
        ApiVersionsRequestData request =
                new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1.0");

        long number = client.send(request, 4);

        assertThat(broker.replies.get(number)).extracting(Reply::headerVersion).isEqualTo((short) 0);
    }

    @Test
    void endsTheConnectionOnAVersionOrKeyItDoesNotServe() {
        client.sendFrame(header(ApiKeys.PRODUCE.id, 2));
        client.sendFrame(header(ApiKeys.ALTER_PARTITION.id, 3));
        client.sendFrame(header(999, 0));
        client.sendFrame(ByteBuffer.allocateDirect(3));

        assertThat(broker.closedConnections).hasSize(4);
        assertThat(broker.finished).hasSize(4);
    }

    @Test
    void endsTheConnectionOnAFrameThatIsCutShort() {
        ByteBuffer whole = TestClient.frame(new MetadataRequestData(), (short) 13);
        for (int length = 0; length < whole.limit(); length++) {
            client.sendFrame(whole.slice(0, length));
        }

        assertThat(broker.closedConnections).hasSize(whole.limit());
        assertThat(broker.finished).hasSize(whole.limit());
    }

    @Test
    void survivesFramesOfNoise() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 2000; i++) {
            ByteBuffer frame = ByteBuffer.allocateDirect(12 + random.nextInt(80));
            while (frame.hasRemaining()) {
                frame.put((byte) random.nextInt());
            }
            frame.putShort(0, (short) random.nextInt(70)).putShort(2, (short) random.nextInt(14));
            client.sendFrame(frame.flip());
        }

        assertThat(broker.closedConnections).isNotEmpty();
    }
}
