package io.millrace.log.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ObjIntConsumer;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterReplicaLogDirsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.message.UnregisterControllerResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/** The field {@code throttle_time_ms} of answers (KIP-219), which the generated messages have no common name for. */
public final class ThrottleTimes {

    private static final Map<Class<?>, ObjIntConsumer<ApiMessage>> SETTERS = new LinkedHashMap<>();

    static {
        ofData();
        ofGroupsAndTransactions();
        ofAdministration();
    }

    private ThrottleTimes() {}

    /** Writes the time into an answer that has a place for it. */
    public static void set(ApiMessage answer, int millis) {
        ObjIntConsumer<ApiMessage> setter = SETTERS.get(answer.getClass());
        if (setter != null) {
            setter.accept(answer, millis);
        }
    }

    /** Whether an answer of this type has a place for the time. */
    static boolean isKnown(Class<? extends ApiMessage> type) {
        return SETTERS.containsKey(type);
    }

    private static <T extends ApiMessage> void add(Class<T> type, ObjIntConsumer<T> setter) {
        SETTERS.put(type, (answer, millis) -> setter.accept(type.cast(answer), millis));
    }

    private static void ofData() {
        add(ApiVersionsResponseData.class, ApiVersionsResponseData::setThrottleTimeMs);
        add(CreatePartitionsResponseData.class, CreatePartitionsResponseData::setThrottleTimeMs);
        add(CreateTopicsResponseData.class, CreateTopicsResponseData::setThrottleTimeMs);
        add(DeleteRecordsResponseData.class, DeleteRecordsResponseData::setThrottleTimeMs);
        add(DeleteTopicsResponseData.class, DeleteTopicsResponseData::setThrottleTimeMs);
        add(DescribeClusterResponseData.class, DescribeClusterResponseData::setThrottleTimeMs);
        add(DescribeProducersResponseData.class, DescribeProducersResponseData::setThrottleTimeMs);
        add(DescribeTopicPartitionsResponseData.class, DescribeTopicPartitionsResponseData::setThrottleTimeMs);
        add(FetchResponseData.class, FetchResponseData::setThrottleTimeMs);
        add(InitProducerIdResponseData.class, InitProducerIdResponseData::setThrottleTimeMs);
        add(ListOffsetsResponseData.class, ListOffsetsResponseData::setThrottleTimeMs);
        add(MetadataResponseData.class, MetadataResponseData::setThrottleTimeMs);
        add(OffsetForLeaderEpochResponseData.class, OffsetForLeaderEpochResponseData::setThrottleTimeMs);
        add(ProduceResponseData.class, ProduceResponseData::setThrottleTimeMs);
    }

    private static void ofGroupsAndTransactions() {
        add(AddOffsetsToTxnResponseData.class, AddOffsetsToTxnResponseData::setThrottleTimeMs);
        add(AddPartitionsToTxnResponseData.class, AddPartitionsToTxnResponseData::setThrottleTimeMs);
        add(ConsumerGroupDescribeResponseData.class, ConsumerGroupDescribeResponseData::setThrottleTimeMs);
        add(ConsumerGroupHeartbeatResponseData.class, ConsumerGroupHeartbeatResponseData::setThrottleTimeMs);
        add(DeleteGroupsResponseData.class, DeleteGroupsResponseData::setThrottleTimeMs);
        add(DescribeGroupsResponseData.class, DescribeGroupsResponseData::setThrottleTimeMs);
        add(DescribeTransactionsResponseData.class, DescribeTransactionsResponseData::setThrottleTimeMs);
        add(EndTxnResponseData.class, EndTxnResponseData::setThrottleTimeMs);
        add(FindCoordinatorResponseData.class, FindCoordinatorResponseData::setThrottleTimeMs);
        add(HeartbeatResponseData.class, HeartbeatResponseData::setThrottleTimeMs);
        add(JoinGroupResponseData.class, JoinGroupResponseData::setThrottleTimeMs);
        add(LeaveGroupResponseData.class, LeaveGroupResponseData::setThrottleTimeMs);
        add(ListGroupsResponseData.class, ListGroupsResponseData::setThrottleTimeMs);
        add(ListTransactionsResponseData.class, ListTransactionsResponseData::setThrottleTimeMs);
        add(OffsetCommitResponseData.class, OffsetCommitResponseData::setThrottleTimeMs);
        add(OffsetDeleteResponseData.class, OffsetDeleteResponseData::setThrottleTimeMs);
        add(OffsetFetchResponseData.class, OffsetFetchResponseData::setThrottleTimeMs);
        add(SyncGroupResponseData.class, SyncGroupResponseData::setThrottleTimeMs);
        add(TxnOffsetCommitResponseData.class, TxnOffsetCommitResponseData::setThrottleTimeMs);
    }

    private static void ofAdministration() {
        add(AddRaftVoterResponseData.class, AddRaftVoterResponseData::setThrottleTimeMs);
        add(AlterClientQuotasResponseData.class, AlterClientQuotasResponseData::setThrottleTimeMs);
        add(AlterConfigsResponseData.class, AlterConfigsResponseData::setThrottleTimeMs);
        add(AlterPartitionReassignmentsResponseData.class, AlterPartitionReassignmentsResponseData::setThrottleTimeMs);
        add(AlterReplicaLogDirsResponseData.class, AlterReplicaLogDirsResponseData::setThrottleTimeMs);
        add(AlterUserScramCredentialsResponseData.class, AlterUserScramCredentialsResponseData::setThrottleTimeMs);
        add(CreateAclsResponseData.class, CreateAclsResponseData::setThrottleTimeMs);
        add(CreateDelegationTokenResponseData.class, CreateDelegationTokenResponseData::setThrottleTimeMs);
        add(DeleteAclsResponseData.class, DeleteAclsResponseData::setThrottleTimeMs);
        add(DescribeAclsResponseData.class, DescribeAclsResponseData::setThrottleTimeMs);
        add(DescribeClientQuotasResponseData.class, DescribeClientQuotasResponseData::setThrottleTimeMs);
        add(DescribeConfigsResponseData.class, DescribeConfigsResponseData::setThrottleTimeMs);
        add(DescribeDelegationTokenResponseData.class, DescribeDelegationTokenResponseData::setThrottleTimeMs);
        add(DescribeLogDirsResponseData.class, DescribeLogDirsResponseData::setThrottleTimeMs);
        add(
                DescribeUserScramCredentialsResponseData.class,
                DescribeUserScramCredentialsResponseData::setThrottleTimeMs);
        add(ElectLeadersResponseData.class, ElectLeadersResponseData::setThrottleTimeMs);
        add(ExpireDelegationTokenResponseData.class, ExpireDelegationTokenResponseData::setThrottleTimeMs);
        add(GetTelemetrySubscriptionsResponseData.class, GetTelemetrySubscriptionsResponseData::setThrottleTimeMs);
        add(IncrementalAlterConfigsResponseData.class, IncrementalAlterConfigsResponseData::setThrottleTimeMs);
        add(ListConfigResourcesResponseData.class, ListConfigResourcesResponseData::setThrottleTimeMs);
        add(ListPartitionReassignmentsResponseData.class, ListPartitionReassignmentsResponseData::setThrottleTimeMs);
        add(PushTelemetryResponseData.class, PushTelemetryResponseData::setThrottleTimeMs);
        add(RemoveRaftVoterResponseData.class, RemoveRaftVoterResponseData::setThrottleTimeMs);
        add(RenewDelegationTokenResponseData.class, RenewDelegationTokenResponseData::setThrottleTimeMs);
        add(UnregisterBrokerResponseData.class, UnregisterBrokerResponseData::setThrottleTimeMs);
        add(UnregisterControllerResponseData.class, UnregisterControllerResponseData::setThrottleTimeMs);
        add(UpdateFeaturesResponseData.class, UpdateFeaturesResponseData::setThrottleTimeMs);
    }
}
