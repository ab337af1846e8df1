package io.millrace.log.api;

import io.millrace.log.metadata.ConfigAlteration;
import io.millrace.log.metadata.ConfigAlteration.Alteration;
import io.millrace.log.metadata.ConfigAlteration.Altered;
import io.millrace.log.metadata.ConfigAlteration.Edit;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.AlterConfigsResponseData.AlterConfigsResourceResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** AlterConfigs (KIP-133): replaces all configs of a topic. Kept for old clients. */
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
        List<Promise<AlterConfigsResourceResponse>> answers = new ArrayList<>();
        for (AlterConfigsResource resource : request.resources()) {
            answers.add(alter(resource, request.validateOnly())
                    .map(altered -> new AlterConfigsResourceResponse()
                            .setResourceType(resource.resourceType())
                            .setResourceName(resource.resourceName())
                            .setErrorCode(altered.error().code())
                            .setErrorMessage(altered.message())));
        }
        return Promise.all(answers).map(responses -> new AlterConfigsResponseData().setResponses(responses));
    }

    private Promise<Altered> alter(AlterConfigsResource resource, boolean validateOnly) {
        if (resource.resourceType() != ConfigResource.Type.TOPIC.id()) {
            return Promise.of(notATopic(resource.resourceName()));
        }
        List<Edit> edits = resource.configs().stream()
                .map(config -> new Edit(config.name(), OpType.SET, config.value()))
                .toList();
        return decide(shard, new Alteration(resource.resourceName(), true, edits), validateOnly);
    }

    static Promise<Altered> decide(LocalShard shard, Alteration alteration, boolean validateOnly) {
        return shard.decide(
                        image -> ConfigAlteration.decide(image, List.of(alteration), validateOnly),
                        reason -> List.of(new Altered(alteration.topic(), Errors.REQUEST_TIMED_OUT, reason)))
                .map(List::getFirst);
    }

    static Altered notATopic(String resource) {
        return new Altered(
                resource,
                Errors.INVALID_REQUEST,
                "Only the configs of topics can be changed; those of a broker are given at its start.");
    }
}
