package io.millrace.log.api;

import io.millrace.log.metadata.QuotaEntity;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntityData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.EntryData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData.ValueData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.requests.DescribeClientQuotasRequest;
import org.jspecify.annotations.Nullable;

/** DescribeClientQuotas (KIP-546): the quotas of all entities that match a filter. */
final class DescribeClientQuotasHandler implements RequestHandler<DescribeClientQuotasRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_CLIENT_QUOTAS, 0, 1);

    private final LocalShard shard;

    DescribeClientQuotasHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(DescribeClientQuotasRequestData request, RequestContext context) {
        for (ComponentData component : request.components()) {
            if (!ClientQuotaEntity.isValidEntityType(component.entityType())
                    && !component.entityType().isEmpty()) {
                return failed(Errors.UNSUPPORTED_VERSION, "Unsupported entity type " + component.entityType());
            }
        }
        String problem = problem(request.components());
        if (problem != null) {
            return failed(Errors.INVALID_REQUEST, problem);
        }
        List<EntryData> entries = new ArrayList<>();
        shard.image().settings().quotas().forEach((entity, quotas) -> {
            SortedMap<String, String> parts = parts(entity);
            if (matches(request, parts)) {
                entries.add(entry(parts, quotas));
            }
        });
        return Promise.of(new DescribeClientQuotasResponseData().setEntries(entries));
    }

    private static @Nullable String problem(List<ComponentData> components) {
        List<String> types = new ArrayList<>();
        for (ComponentData component : components) {
            boolean exact = component.matchType() == DescribeClientQuotasRequest.MATCH_TYPE_EXACT;
            if (component.entityType().isEmpty()) {
                return "Invalid empty entity type.";
            }
            if (types.contains(component.entityType())) {
                return "Entity type " + component.entityType() + " cannot appear more than once in the filter.";
            }
            if (component.matchType() < DescribeClientQuotasRequest.MATCH_TYPE_EXACT
                    || component.matchType() > DescribeClientQuotasRequest.MATCH_TYPE_SPECIFIED) {
                return "Unknown match type " + component.matchType();
            }
            if (exact == (component.match() == null)) {
                return "A match string belongs to an exact match, and to no other: " + component.entityType();
            }
            types.add(component.entityType());
        }
        return types.contains(ClientQuotaEntity.IP) && types.size() > 1
                ? "Invalid entity filter component combination. IP filter component should not be used with user or"
                        + " clientId filter component."
                : null;
    }

    private static boolean matches(DescribeClientQuotasRequestData request, SortedMap<String, String> parts) {
        for (ComponentData component : request.components()) {
            String name = parts.get(component.entityType());
            if (name == null || !matches(component, name)) {
                return false;
            }
        }
        // A strict filter without components matches nothing at all.
        return !request.strict()
                || (parts.size() == request.components().size()
                        && !request.components().isEmpty());
    }

    private static boolean matches(ComponentData component, String name) {
        return switch (component.matchType()) {
            case DescribeClientQuotasRequest.MATCH_TYPE_EXACT -> name.equals(component.match());
            case DescribeClientQuotasRequest.MATCH_TYPE_DEFAULT -> name.equals(QuotaEntity.DEFAULT);
            default -> true;
        };
    }

    private static SortedMap<String, String> parts(QuotaEntity entity) {
        SortedMap<String, String> parts = new TreeMap<>();
        put(parts, ClientQuotaEntity.USER, entity.user());
        put(parts, ClientQuotaEntity.CLIENT_ID, entity.clientId());
        put(parts, ClientQuotaEntity.IP, entity.ip());
        return parts;
    }

    private static void put(SortedMap<String, String> parts, String type, @Nullable String name) {
        if (name != null) {
            parts.put(type, name);
        }
    }

    private static EntryData entry(SortedMap<String, String> parts, Map<String, Double> quotas) {
        EntryData entry = new EntryData();
        parts.forEach((type, name) -> entry.entity()
                .add(new EntityData()
                        .setEntityType(type)
                        .setEntityName(name.equals(QuotaEntity.DEFAULT) ? null : name)));
        quotas.forEach(
                (key, value) -> entry.values().add(new ValueData().setKey(key).setValue(value)));
        return entry;
    }

    private static Promise<? extends ApiMessage> failed(Errors error, String message) {
        return Promise.of(new DescribeClientQuotasResponseData()
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setEntries(null));
    }
}
