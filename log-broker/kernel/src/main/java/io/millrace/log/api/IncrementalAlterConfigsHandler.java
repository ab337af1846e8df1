package io.millrace.log.api;

import io.millrace.log.api.ConfigChanges.Named;
import io.millrace.log.metadata.ConfigAlteration.Edit;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/** IncrementalAlterConfigs (KIP-339): changes single configs of a resource. */
final class IncrementalAlterConfigsHandler implements RequestHandler<IncrementalAlterConfigsRequestData> {

    private static final Api API = new Api(ApiKeys.INCREMENTAL_ALTER_CONFIGS, 0, 1);

    private final LocalShard shard;

    IncrementalAlterConfigsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(IncrementalAlterConfigsRequestData request, RequestContext context) {
        ConfigChanges changes = new ConfigChanges(shard, false);
        request.resources().forEach(resource -> add(resource, changes));
        return changes.decide(request.validateOnly())
                .map(results -> new IncrementalAlterConfigsResponseData()
                        .setResponses(results.stream()
                                .map(IncrementalAlterConfigsHandler::response)
                                .toList()));
    }

    private static void add(AlterConfigsResource resource, ConfigChanges changes) {
        Named named = new Named(resource.resourceType(), resource.resourceName());
        List<Edit> edits = new ArrayList<>();
        for (AlterableConfig config : resource.configs()) {
            OpType operation = OpType.forId(config.configOperation());
            if (operation == null) {
                changes.refuse(named, "Unknown operation " + config.configOperation() + " on " + config.name() + ".");
                return;
            }
            edits.add(new Edit(config.name(), operation, config.value()));
        }
        changes.add(named, edits);
    }

    private static AlterConfigsResourceResponse response(ConfigChanges.Result result) {
        return new AlterConfigsResourceResponse()
                .setResourceType(result.resource().type())
                .setResourceName(result.resource().name())
                .setErrorCode(result.altered().error().code())
                .setErrorMessage(result.altered().message());
    }
}
