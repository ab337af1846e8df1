package io.millrace.log.api;

import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.AddRaftVoterRequestData;
import org.apache.kafka.common.message.AddRaftVoterResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** AddRaftVoter (KIP-853). The voters of this cluster are fixed, as they are in Kafka with a static quorum. */
final class AddRaftVoterHandler implements RequestHandler<AddRaftVoterRequestData> {

    private static final Api API = new Api(ApiKeys.ADD_RAFT_VOTER, 0, 1);

    private final LocalShard shard;

    AddRaftVoterHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(AddRaftVoterRequestData request, RequestContext context) {
        Errors error = RaftVoters.refusal(shard, request.clusterId());
        return Promise.of(
                new AddRaftVoterResponseData().setErrorCode(error.code()).setErrorMessage(RaftVoters.FIXED));
    }
}
