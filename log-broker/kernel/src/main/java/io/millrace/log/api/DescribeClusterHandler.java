package io.millrace.log.api;

import io.millrace.log.metadata.BrokerImage;
import io.millrace.log.types.Promise;
import java.util.Objects;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** DescribeCluster (KIP-700): its id and its brokers. */
final class DescribeClusterHandler implements RequestHandler<DescribeClusterRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_CLUSTER, 0, 2);
    /** KIP-919: brokers, as opposed to controllers. */
    private static final byte BROKER_ENDPOINTS = 1;

    private final LocalShard shard;

    DescribeClusterHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeClusterRequestData request, RequestContext context) {
        if (request.endpointType() != BROKER_ENDPOINTS) {
            return Promise.of(new DescribeClusterResponseData()
                    .setErrorCode(Errors.MISMATCHED_ENDPOINT_TYPE.code())
                    .setErrorMessage("This listener serves brokers: there are no controller endpoints to describe.")
                    .setEndpointType(BROKER_ENDPOINTS));
        }
        DescribeClusterResponseData response = new DescribeClusterResponseData()
                .setClusterId(Objects.requireNonNullElse(shard.image().clusterId(), ""))
                .setControllerId(shard.config().brokerId())
                .setEndpointType(BROKER_ENDPOINTS);
        for (BrokerImage broker : shard.image().brokers()) {
            response.brokers()
                    .add(new DescribeClusterBroker()
                            .setBrokerId(broker.id())
                            .setHost(Objects.requireNonNullElse(broker.host(), context.localHost()))
                            .setPort(broker.port()));
        }
        if (request.includeClusterAuthorizedOperations()) {
            response.setClusterAuthorizedOperations(AuthorizedOperations.CLUSTER);
        }
        return Promise.of(response);
    }
}
