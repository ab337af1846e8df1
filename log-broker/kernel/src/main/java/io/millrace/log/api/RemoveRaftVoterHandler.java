package io.millrace.log.api;

import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.RemoveRaftVoterRequestData;
import org.apache.kafka.common.message.RemoveRaftVoterResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** RemoveRaftVoter (KIP-853). The voters of this cluster are fixed, as they are in Kafka with a static quorum. */
final class RemoveRaftVoterHandler implements RequestHandler<RemoveRaftVoterRequestData> {

    private static final Api API = new Api(ApiKeys.REMOVE_RAFT_VOTER, 0, 0);

    private final LocalShard shard;

    RemoveRaftVoterHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(RemoveRaftVoterRequestData request, RequestContext context) {
        Errors error = RaftVoters.refusal(shard, request.clusterId());
        return Promise.of(
                new RemoveRaftVoterResponseData().setErrorCode(error.code()).setErrorMessage(RaftVoters.FIXED));
    }
}
