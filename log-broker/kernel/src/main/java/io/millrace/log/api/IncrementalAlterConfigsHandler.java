package io.millrace.log.api;

import io.millrace.log.metadata.ConfigAlteration.Alteration;
import io.millrace.log.metadata.ConfigAlteration.Altered;
import io.millrace.log.metadata.ConfigAlteration.Edit;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData;
import org.apache.kafka.common.message.IncrementalAlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** IncrementalAlterConfigs (KIP-339): changes single configs of a topic. */
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
        List<Promise<AlterConfigsResourceResponse>> answers = new ArrayList<>();
        for (AlterConfigsResource resource : request.resources()) {
            answers.add(alter(resource, request.validateOnly())
                    .map(altered -> new AlterConfigsResourceResponse()
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName())
                            .setErrorCode(altered.error().code())
                            .setErrorMessage(altered.message())));
        }
        return Promise.all(answers).map(responses -> new IncrementalAlterConfigsResponseData().setResponses(responses));
    }

    private Promise<Altered> alter(AlterConfigsResource resource, boolean validateOnly) {
        if (resource.resourceType() != ConfigResource.Type.TOPIC.id()) {
            return Promise.of(AlterConfigsHandler.notATopic(resource.resourceName()));
        }
        List<Edit> edits = new ArrayList<>();
        for (AlterableConfig config : resource.configs()) {
            OpType operation = OpType.forId(config.configOperation());
            if (operation == null) {
                return Promise.of(new Altered(
                        resource.resourceName(),
                        Errors.INVALID_REQUEST,
                        "Unknown operation " + config.configOperation() + " on " + config.name() + "."));
            }
            edits.add(new Edit(config.name(), operation, config.value()));
        }
        return AlterConfigsHandler.decide(shard, new Alteration(resource.resourceName(), false, edits), validateOnly);
    }
}
