package io.millrace.log.api;

import io.millrace.log.api.ConfigChanges.Named;
import io.millrace.log.metadata.ConfigAlteration.Edit;
import io.millrace.log.types.Promise;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** AlterConfigs (KIP-133): replaces all configs of a resource. Kept for old clients. */
final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequestData> {

    private static final Api API = new Api(ApiKeys.ALTER_CONFIGS, 0, 2);

    private final LocalShard shard;

    AlterConfigsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(AlterConfigsRequestData request, RequestContext context) {
        ConfigChanges changes = new ConfigChanges(shard, true);
        for (AlterConfigsResource resource : request.resources()) {
            changes.add(
                    new Named(resource.resourceType(), resource.resourceName()),
                    resource.configs().stream()
                            .map(config -> new Edit(config.name(), OpType.SET, config.value()))
                            .toList());
        }
        return changes.decide(request.validateOnly())
                .map(results -> new AlterConfigsResponseData()
                        .setResponses(results.stream()
                                .map(AlterConfigsHandler::response)
                                .toList()));
    }

    private static AlterConfigsResourceResponse response(ConfigChanges.Result result) {
        return new AlterConfigsResourceResponse()
                .setResourceType(result.resource().type())
                .setResourceName(result.resource().name())
                .setErrorCode(result.altered().error().code())
                .setErrorMessage(result.altered().message());
    }
}
