package io.millrace.log.api;

import io.millrace.log.metadata.QuotaAlteration;
import io.millrace.log.metadata.QuotaAlteration.Alteration;
import io.millrace.log.metadata.QuotaAlteration.Altered;
import io.millrace.log.metadata.QuotaAlteration.Change;
import io.millrace.log.metadata.QuotaAlteration.Part;
import io.millrace.log.types.Promise;
import java.util.List;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** AlterClientQuotas (KIP-546). */
final class AlterClientQuotasHandler implements RequestHandler<AlterClientQuotasRequestData> {

    private static final Api API = new Api(ApiKeys.ALTER_CLIENT_QUOTAS, 0, 1);

    private final LocalShard shard;

    AlterClientQuotasHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(AlterClientQuotasRequestData request, RequestContext context) {
        List<Alteration> alterations = request.entries().stream()
                .map(AlterClientQuotasHandler::alteration)
                .toList();
        boolean validateOnly = request.validateOnly();
        return shard.decide(
                        image -> QuotaAlteration.decide(image, alterations, validateOnly),
                        reason -> alterations.stream()
                                .map(refused -> new Altered(refused.entity(), Errors.REQUEST_TIMED_OUT, reason))
                                .toList())
                .map(results -> new AlterClientQuotasResponseData()
                        .setEntries(results.stream()
                                .map(AlterClientQuotasHandler::entry)
                                .toList()));
    }

    private static Alteration alteration(AlterClientQuotasRequestData.EntryData entry) {
        return new Alteration(
                entry.entity().stream()
                        .map(part -> new Part(part.entityType(), part.entityName()))
                        .toList(),
                entry.ops().stream()
                        .map(op -> new Change(op.key(), op.remove() ? null : op.value()))
                        .toList());
    }

    private static AlterClientQuotasResponseData.EntryData entry(Altered result) {
        return new AlterClientQuotasResponseData.EntryData()
                .setErrorCode(result.error().code())
                .setErrorMessage(result.message())
                .setEntity(result.entity().stream()
                        .map(part -> new AlterClientQuotasResponseData.EntityData()
                                .setEntityType(part.type())
                                .setEntityName(part.name()))
                        .toList());
    }
}
