package io.millrace.log.group;

import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroup;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponsePartition;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData.TxnOffsetCommitResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** The answers that hold nothing but an error, each where its protocol has a place for it. */
public final class GroupAnswers {

    private GroupAnswers() {}

    public static JoinGroupResponseData joinFailed(JoinGroupRequestData request, Errors error) {
        return joinFailed(request.memberId(), error);
    }

    static JoinGroupResponseData joinFailed(String memberId, Errors error) {
        return new JoinGroupResponseData().setMemberId(memberId).setErrorCode(error.code());
    }

    public static SyncGroupResponseData syncFailed(Errors error) {
        return new SyncGroupResponseData().setErrorCode(error.code());
    }

    public static HeartbeatResponseData heartbeat(Errors error) {
        return new HeartbeatResponseData().setErrorCode(error.code());
    }

    public static LeaveGroupResponseData leaveFailed(Errors error) {
        return new LeaveGroupResponseData().setErrorCode(error.code());
    }

    /** The same error for every partition of the request. */
    public static OffsetCommitResponseData commitFailed(OffsetCommitRequestData request, Errors error) {
        OffsetCommitResponseData answer = new OffsetCommitResponseData();
        request.topics().forEach(topic -> answer.topics().add(commitFailed(topic, error)));
        return answer;
    }

    /** The same error for every partition of the topic. */
    public static OffsetCommitResponseTopic commitFailed(OffsetCommitRequestTopic topic, Errors error) {
        OffsetCommitResponseTopic answer = committed(topic);
        topic.partitions().forEach(each -> answer.partitions().add(committed(each.partitionIndex(), error)));
        return answer;
    }

    /** Without partitions yet. */
    static OffsetCommitResponseTopic committed(OffsetCommitRequestTopic topic) {
        return new OffsetCommitResponseTopic().setTopicId(topic.topicId()).setName(topic.name());
    }

    static OffsetCommitResponsePartition committed(int index, Errors error) {
        return new OffsetCommitResponsePartition().setPartitionIndex(index).setErrorCode(error.code());
    }

    /** The same error for every partition of the request. */
    public static TxnOffsetCommitResponseData commitFailed(TxnOffsetCommitRequestData request, Errors error) {
        TxnOffsetCommitResponseData answer = new TxnOffsetCommitResponseData();
        request.topics().forEach(topic -> answer.topics().add(commitFailed(topic, error)));
        return answer;
    }

    /** The same error for every partition of the topic. */
    public static TxnOffsetCommitResponseTopic commitFailed(TxnOffsetCommitRequestTopic topic, Errors error) {
        TxnOffsetCommitResponseTopic answer = new TxnOffsetCommitResponseTopic().setName(topic.name());
        topic.partitions()
                .forEach(each -> answer.partitions().add(committedInTransaction(each.partitionIndex(), error)));
        return answer;
    }

    static TxnOffsetCommitResponsePartition committedInTransaction(int index, Errors error) {
        return new TxnOffsetCommitResponsePartition().setPartitionIndex(index).setErrorCode(error.code());
    }

    public static OffsetFetchResponseGroup fetchFailed(String groupId, Errors error) {
        return new OffsetFetchResponseGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    public static OffsetDeleteResponseData offsetDeleteFailed(Errors error) {
        return new OffsetDeleteResponseData().setErrorCode(error.code());
    }

    public static DeletableGroupResult deleted(String groupId, Errors error) {
        return new DeletableGroupResult().setGroupId(groupId).setErrorCode(error.code());
    }

    public static DescribedGroup describeFailed(String groupId, Errors error) {
        return new DescribedGroup().setGroupId(groupId).setErrorCode(error.code());
    }
}
