package io.millrace.log.api;

import io.millrace.log.metadata.TopicImage;
import io.millrace.log.types.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ListConfigResourcesRequestData;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** ListConfigResources (KIP-1142); in version 0 it is ListClientMetricsResources (KIP-714). */
final class ListConfigResourcesHandler implements RequestHandler<ListConfigResourcesRequestData> {

    private static final Api API = new Api(ApiKeys.LIST_CONFIG_RESOURCES, 0, 1);
    private static final List<Byte> ALL = Stream.of(
                    ConfigResource.Type.TOPIC,
                    ConfigResource.Type.BROKER,
                    ConfigResource.Type.CLIENT_METRICS,
                    ConfigResource.Type.GROUP)
            .map(ConfigResource.Type::id)
            .toList();

    private final LocalShard shard;

    ListConfigResourcesHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ListConfigResourcesRequestData request, RequestContext context) {
        List<Byte> types = context.version() == 0
                ? List.of(ConfigResource.Type.CLIENT_METRICS.id())
                : request.resourceTypes().isEmpty() ? ALL : request.resourceTypes();
        if (!ALL.containsAll(types)) {
            return Promise.of(new ListConfigResourcesResponseData().setErrorCode(Errors.UNSUPPORTED_VERSION.code()));
        }
        ListConfigResourcesResponseData response = new ListConfigResourcesResponseData();
        for (byte type : types) {
            for (String name : names(ConfigResource.Type.forId(type))) {
                response.configResources()
                        .add(new ListConfigResourcesResponseData.ConfigResource()
                                .setResourceType(type)
                                .setResourceName(name));
            }
        }
        return Promise.of(response);
    }

    private List<String> names(ConfigResource.Type type) {
        return switch (type) {
            case TOPIC -> shard.image().topics().stream().map(TopicImage::name).toList();
            case BROKER ->
                shard.image().brokers().stream()
                        .map(broker -> Integer.toString(broker.id()))
                        .toList();
            default -> shard.image().settings().configured(type);
        };
    }
}
