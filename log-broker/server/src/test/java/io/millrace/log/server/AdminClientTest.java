package io.millrace.log.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListConfigResourcesOptions;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionReplica;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.errors.UnsupportedByAuthenticationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Kafka's own admin client makes of our answers. */
class AdminClientTest {

    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @TempDir
    Path directory;

    private Broker broker;
    private Admin admin;

    @BeforeEach
    void start() throws Exception {
        broker = Broker.start(
                BrokerConfig.of(directory, HostPort.parse("127.0.0.1:0")).withLoops(2));
        TestClients.createTopic(broker, "t", 1);
        admin = TestClients.admin(broker);
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.close();
    }

    private int self() throws Exception {
        return admin.describeCluster().nodes().get().iterator().next().id();
    }

    private ConfigEntry config(ConfigResource resource, String key) throws Exception {
        Map<ConfigResource, Config> described =
                admin.describeConfigs(List.of(resource)).all().get();
        return Objects.requireNonNull(described.get(resource)).get(key);
    }

    private void set(ConfigResource resource, String key, String value) throws Exception {
        admin.incrementalAlterConfigs(
                        Map.of(resource, List.of(new AlterConfigOp(new ConfigEntry(key, value), OpType.SET))))
                .all()
                .get();
    }

    @Test
    void altersConfigsOfBrokersGroupsAndClientMetrics() throws Exception {
        ConfigResource one = new ConfigResource(ConfigResource.Type.BROKER, Integer.toString(self()));
        ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, "g");
        ConfigResource metrics = new ConfigResource(ConfigResource.Type.CLIENT_METRICS, "all");

        set(all, "log.retention.ms", "7000");
        set(one, "max.connections", "100");
        set(group, "consumer.session.timeout.ms", "50000");
        set(metrics, "interval.ms", "5000");

        assertThat(config(one, "log.retention.ms").source())
                .isEqualTo(ConfigEntry.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG);
        assertThat(config(one, "max.connections").value()).isEqualTo("100");
        assertThat(config(group, "consumer.session.timeout.ms").value()).isEqualTo("50000");
        assertThat(config(metrics, "interval.ms").value()).isEqualTo("5000");
        assertThat(admin.listConfigResources(
                                Set.of(ConfigResource.Type.GROUP, ConfigResource.Type.CLIENT_METRICS),
                                new ListConfigResourcesOptions())
                        .all()
                        .get())
                .containsExactlyInAnyOrder(group, metrics);
    }

    @Test
    void changesTheLevelsOfLoggers() throws Exception {
        Logger logger = LoggerFactory.getLogger("test.levels");
        ConfigResource loggers = new ConfigResource(ConfigResource.Type.BROKER_LOGGER, Integer.toString(self()));
        String before = config(loggers, logger.getName()).value();

        set(loggers, logger.getName(), "TRACE");
        assertThat(logger.isTraceEnabled()).isTrue();
        assertThat(config(loggers, logger.getName()).value()).isEqualTo("TRACE");
        set(loggers, logger.getName(), "FATAL");
        assertThat(logger.isWarnEnabled()).isFalse();

        admin.incrementalAlterConfigs(Map.of(
                        loggers, List.of(new AlterConfigOp(new ConfigEntry(logger.getName(), null), OpType.DELETE))))
                .all()
                .get();
        assertThat(config(loggers, logger.getName()).value()).isEqualTo(before);
        assertThat(config(loggers, "root").value()).isNotEmpty();
    }

    @Test
    void describesTheQuorumAndTheFeatures() throws Exception {
        QuorumInfo quorum = admin.describeMetadataQuorum().quorumInfo().get();

        assertThat(quorum.leaderId()).isEqualTo(self());
        assertThat(quorum.leaderEpoch()).isPositive();
        assertThat(quorum.voters())
                .singleElement()
                .satisfies(voter -> assertThat(voter.logEndOffset()).isPositive());
        assertThat(admin.describeFeatures().featureMetadata().get().finalizedFeatures())
                .containsKeys("group.version", "transaction.version");
    }

    @Test
    void keepsScramCredentials() throws Exception {
        ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("bob", info, "secret")))
                .all()
                .get();

        assertThat(admin.describeUserScramCredentials().all().get().get("bob"))
                .satisfies(bob -> assertThat(bob.credentialInfos()).containsExactly(info));

        admin.alterUserScramCredentials(List.of(new UserScramCredentialDeletion("bob", ScramMechanism.SCRAM_SHA_256)))
                .all()
                .get();
        assertThat(admin.describeUserScramCredentials().all().get()).isEmpty();
    }

    @Test
    void movesNothing() throws Exception {
        Map<TopicPartition, Optional<NewPartitionReassignment>> away =
                Map.of(PARTITION, Optional.of(new NewPartitionReassignment(List.of(self() + 7))));
        Map<TopicPartition, Optional<NewPartitionReassignment>> stay =
                Map.of(PARTITION, Optional.of(new NewPartitionReassignment(List.of(self()))));

        admin.alterPartitionReassignments(stay).all().get();
        assertThatThrownBy(() -> admin.alterPartitionReassignments(away).all().get())
                .hasCauseInstanceOf(InvalidReplicaAssignmentException.class);
        assertThat(admin.electLeaders(ElectionType.PREFERRED, Set.of(PARTITION))
                        .partitions()
                        .get()
                        .get(PARTITION))
                .containsInstanceOf(ElectionNotNeededException.class);
        assertThat(admin.electLeaders(ElectionType.PREFERRED, null).partitions().get())
                .isEmpty();
        admin.alterReplicaLogDirs(Map.of(new TopicPartitionReplica("t", 0, self()), dataDirectory()))
                .all()
                .get();
    }

    private String dataDirectory() throws Exception {
        Map<Integer, Map<String, LogDirDescription>> described =
                admin.describeLogDirs(List.of(self())).allDescriptions().get();
        return Objects.requireNonNull(described.get(self())).keySet().iterator().next();
    }

    @Test
    void saysThatSecurityIsOff() {
        assertThatThrownBy(
                        () -> admin.describeAcls(AclBindingFilter.ANY).values().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(SecurityDisabledException.class);
        assertThatThrownBy(() -> admin.createDelegationToken().delegationToken().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(UnsupportedByAuthenticationException.class);
    }
}
