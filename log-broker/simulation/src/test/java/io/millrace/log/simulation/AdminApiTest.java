package io.millrace.log.simulation;

import static io.millrace.log.simulation.Requests.created;
import static io.millrace.log.simulation.Requests.error;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDir;
import org.apache.kafka.common.message.AlterReplicaLogDirsRequestData.AlterReplicaLogDirTopic;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsRequestData.AclCreation;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one broker without security answers to administrators; the expected errors are those of Kafka 4.3.1. */
class AdminApiTest {

    private static final int SELF = 1;

    private final BrokerFixture broker = new BrokerFixture(2);
    private final TestClient client = broker.connect(1);

    @BeforeEach
    void createTopic() {
        assertThat(created(client, "t", 2)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void accessRulesAreDisabled(int version) {
        CreateAclsRequestData creation = new CreateAclsRequestData()
                .setCreations(List.of(new AclCreation()
                        .setResourceType((byte) 2)
                        .setResourceName("t")
                        .setResourcePatternType((byte) 3)
                        .setPrincipal("User:ann")
                        .setHost("*")
                        .setOperation((byte) 3)
                        .setPermissionType((byte) 3)));

        DescribeAclsResponseData described =
                client.call(DescribeAclsResponseData.class, new DescribeAclsRequestData(), version);
        CreateAclsResponseData answer = client.call(CreateAclsResponseData.class, creation, version);

        assertThat(error(described.errorCode())).isEqualTo(Errors.SECURITY_DISABLED);
        assertThat(answer.results())
                .singleElement()
                .satisfies(result -> assertThat(error(result.errorCode())).isEqualTo(Errors.SECURITY_DISABLED));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void delegationTokensAreNotGivenToWhoIsNotAuthenticated(int version) {
        CreateDelegationTokenResponseData answer =
                client.call(CreateDelegationTokenResponseData.class, new CreateDelegationTokenRequestData(), version);

        assertThat(error(answer.errorCode())).isEqualTo(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED);
        assertThat(answer.principalName()).isEqualTo("ANONYMOUS");
    }

    @Test
    void saslIsOutOfPlaceOnAListenerWithoutIt() {
        SaslHandshakeResponseData handshake =
                client.call(SaslHandshakeResponseData.class, new SaslHandshakeRequestData().setMechanism("PLAIN"), 1);
        SaslAuthenticateResponseData authenticated = client.call(
                SaslAuthenticateResponseData.class, new SaslAuthenticateRequestData().setAuthBytes(new byte[3]), 2);

        assertThat(error(handshake.errorCode())).isEqualTo(Errors.ILLEGAL_SASL_STATE);
        assertThat(error(authenticated.errorCode())).isEqualTo(Errors.ILLEGAL_SASL_STATE);
    }

    private ElectLeadersResponseData elected(int type, String topic, int partition, int version) {
        ElectLeadersRequestData request = new ElectLeadersRequestData().setElectionType((byte) type);
        request.topicPartitions().add(new TopicPartitions().setTopic(topic).setPartitions(List.of(partition)));
        return client.call(ElectLeadersResponseData.class, request, version);
    }

    @ParameterizedTest
    @CsvSource({
        "0, t, 0, 0, NONE, ELECTION_NOT_NEEDED",
        "0, t, 1, 2, NONE, ELECTION_NOT_NEEDED",
        "1, t, 0, 2, NONE, ELECTION_NOT_NEEDED",
        "0, t, 9, 2, NONE, UNKNOWN_TOPIC_OR_PARTITION",
        "0, none, 0, 2, NONE, UNKNOWN_TOPIC_OR_PARTITION",
        "7, t, 0, 2, INVALID_REQUEST, INVALID_REQUEST",
    })
    void leadersAreNeverElectedAnew(
            int type, String topic, int partition, int version, Errors whole, Errors ofPartition) {
        ElectLeadersResponseData answer = elected(type, topic, partition, version);

        assertThat(error(answer.errorCode())).isEqualTo(whole);
        assertThat(error(answer.replicaElectionResults()
                        .getFirst()
                        .partitionResult()
                        .getFirst()
                        .errorCode()))
                .isEqualTo(ofPartition);
    }

    @Test
    void anElectionOfAllPartitionsTellsOnlyWhatChanged() {
        ElectLeadersRequestData all = new ElectLeadersRequestData().setTopicPartitions(null);

        ElectLeadersResponseData answer = client.call(ElectLeadersResponseData.class, all, 2);

        assertThat(answer.replicaElectionResults()).singleElement().satisfies(topic -> {
            assertThat(topic.topic()).isEqualTo("t");
            assertThat(topic.partitionResult()).isEmpty();
        });
    }

    private Errors reassigned(String topic, int partition, @Nullable List<Integer> brokers, int version) {
        AlterPartitionReassignmentsRequestData request = new AlterPartitionReassignmentsRequestData()
                .setTopics(List.of(new ReassignableTopic()
                        .setName(topic)
                        .setPartitions(List.of(new ReassignablePartition()
                                .setPartitionIndex(partition)
                                .setReplicas(brokers)))));
        AlterPartitionReassignmentsResponseData answer =
                client.call(AlterPartitionReassignmentsResponseData.class, request, version);
        assertThat(error(answer.errorCode())).isEqualTo(Errors.NONE);
        return error(answer.responses().getFirst().partitions().getFirst().errorCode());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void partitionsStayWhereTheyAre(int version) {
        assertThat(reassigned("t", 0, List.of(SELF), version)).isEqualTo(Errors.NONE);
        assertThat(reassigned("t", 0, List.of(8), version)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassigned("t", 0, List.of(), version)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassigned("t", 0, List.of(SELF, SELF), version)).isEqualTo(Errors.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassigned("t", 0, null, version)).isEqualTo(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        assertThat(reassigned("t", 9, List.of(SELF), version)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(reassigned("none", 0, List.of(SELF), version)).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private Errors moved(String directory, String topic) {
        AlterReplicaLogDir move = new AlterReplicaLogDir().setPath(directory);
        move.topics().add(new AlterReplicaLogDirTopic().setName(topic).setPartitions(List.of(0)));
        AlterReplicaLogDirsRequestData request = new AlterReplicaLogDirsRequestData();
        request.dirs().add(move);
        AlterReplicaLogDirsResponseData answer = client.call(AlterReplicaLogDirsResponseData.class, request, 2);
        return error(answer.results().getFirst().partitions().getFirst().errorCode());
    }

    @Test
    void thereIsOneDataDirectory() {
        assertThat(moved(broker.config.dataDirectory(), "t")).isEqualTo(Errors.NONE);
        assertThat(moved(broker.config.dataDirectory(), "none")).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(moved("/elsewhere", "t")).isEqualTo(Errors.LOG_DIR_NOT_FOUND);
    }

    private DescribeQuorumResponseData.PartitionData quorum(String topic, int partition, int version) {
        DescribeQuorumRequestData request = new DescribeQuorumRequestData()
                .setTopics(List.of(new DescribeQuorumRequestData.TopicData()
                        .setTopicName(topic)
                        .setPartitions(
                                List.of(new DescribeQuorumRequestData.PartitionData().setPartitionIndex(partition)))));
        DescribeQuorumResponseData answer = client.call(DescribeQuorumResponseData.class, request, version);
        assertThat(answer.nodes())
                .hasSize(version >= 2 && topic.equals("__cluster_metadata") && partition == 0 ? 1 : 0);
        return answer.topics().getFirst().partitions().getFirst();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void theOnlyBrokerLeadsTheQuorumAndIsAtItsEnd(int version) {
        long before = quorum("__cluster_metadata", 0, version).highWatermark();
        assertThat(created(client, "more", 1)).isNotNull();

        DescribeQuorumResponseData.PartitionData after = quorum("__cluster_metadata", 0, version);

        assertThat(after.leaderId()).isEqualTo(SELF);
        assertThat(after.leaderEpoch()).isEqualTo(broker.config.metadataEpoch());
        assertThat(after.highWatermark()).isEqualTo(before + 1);
        assertThat(after.currentVoters())
                .singleElement()
                .satisfies(voter -> assertThat(voter.logEndOffset()).isEqualTo(after.highWatermark()));
    }

    @Test
    void thereIsNoOtherQuorum() {
        assertThat(error(quorum("t", 0, 2).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(quorum("__cluster_metadata", 5, 2).errorCode())).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @ParameterizedTest
    @CsvSource({
        "transaction.version, 2, 0, NONE",
        "transaction.version, 2, 2, NONE",
        "transaction.version, 3, 2, INVALID_UPDATE_VERSION",
        "group.version, 0, 2, INVALID_UPDATE_VERSION",
        "no.such.thing, 1, 1, INVALID_UPDATE_VERSION",
    })
    void featuresStayAtTheirLevel(String feature, short level, int version, Errors error) {
        UpdateFeaturesRequestData request = new UpdateFeaturesRequestData();
        request.featureUpdates().add(new FeatureUpdateKey().setFeature(feature).setMaxVersionLevel(level));

        UpdateFeaturesResponseData answer = client.call(UpdateFeaturesResponseData.class, request, version);

        assertThat(error(answer.errorCode())).isEqualTo(error);
        assertThat(answer.results()).hasSize(version < 2 && error == Errors.NONE ? 1 : 0);
    }

    @Test
    void brokersAndVotersAreAsTheyAre() {
        Map<Integer, Errors> unregistered = Map.of(SELF, Errors.INVALID_REQUEST, 8, Errors.BROKER_ID_NOT_REGISTERED);
        List<Errors> voters = new ArrayList<>();
        for (String cluster : new String[] {broker.shard(0).image().clusterId(), "another"}) {
            voters.add(error(
                    client.call(AddRaftVoterResponseData.class, new AddRaftVoterRequestData().setClusterId(cluster), 1)
                            .errorCode()));
            voters.add(error(client.call(
                            RemoveRaftVoterResponseData.class,
                            new RemoveRaftVoterRequestData().setClusterId(cluster),
                            0)
                    .errorCode()));
        }

        unregistered.forEach((id, error) -> assertThat(error(client.call(
                                UnregisterBrokerResponseData.class,
                                new UnregisterBrokerRequestData().setBrokerId(id),
                                0)
                        .errorCode()))
                .isEqualTo(error));
        assertThat(voters)
                .containsExactly(
                        Errors.UNSUPPORTED_VERSION,
                        Errors.UNSUPPORTED_VERSION,
                        Errors.INCONSISTENT_CLUSTER_ID,
                        Errors.INCONSISTENT_CLUSTER_ID);
    }
}
