package io.millrace.log.api;

import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.UnregisterBrokerRequestData;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** UnregisterBroker (KIP-631). The one broker of this cluster is the one that is asked, and it stays. */
final class UnregisterBrokerHandler implements RequestHandler<UnregisterBrokerRequestData> {

    private static final Api API = new Api(ApiKeys.UNREGISTER_BROKER, 0, 0);

    private final LocalShard shard;

    UnregisterBrokerHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(UnregisterBrokerRequestData request, RequestContext context) {
        boolean registered = shard.image().broker(request.brokerId()) != null;
        return Promise.of(
                registered
                        ? new UnregisterBrokerResponseData()
                                .setErrorCode(Errors.INVALID_REQUEST.code())
                                .setErrorMessage("Broker " + request.brokerId() + " is running: it stays registered.")
                        : new UnregisterBrokerResponseData()
                                .setErrorCode(Errors.BROKER_ID_NOT_REGISTERED.code())
                                .setErrorMessage("Broker " + request.brokerId() + " is not registered."));
    }
}
