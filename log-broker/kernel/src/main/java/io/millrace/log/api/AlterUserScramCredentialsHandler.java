package io.millrace.log.api;

import io.millrace.log.metadata.ScramAlteration;
import io.millrace.log.metadata.ScramAlteration.Altered;
import io.millrace.log.metadata.ScramAlteration.Change;
import io.millrace.log.metadata.ScramAlteration.Secret;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** AlterUserScramCredentials (KIP-554). What is kept checks a password; it cannot be used to log in. */
final class AlterUserScramCredentialsHandler implements RequestHandler<AlterUserScramCredentialsRequestData> {

    private static final Api API = new Api(ApiKeys.ALTER_USER_SCRAM_CREDENTIALS, 0, 0);

    private final LocalShard shard;

    AlterUserScramCredentialsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(AlterUserScramCredentialsRequestData request, RequestContext context) {
        List<Change> changes = new ArrayList<>();
        request.deletions().forEach(deletion -> changes.add(new Change(deletion.name(), deletion.mechanism(), null)));
        request.upsertions()
                .forEach(upsertion -> changes.add(new Change(
                        upsertion.name(),
                        upsertion.mechanism(),
                        new Secret(upsertion.iterations(), upsertion.salt(), upsertion.saltedPassword()))));
        return shard.decide(
                        image -> ScramAlteration.decide(image, changes),
                        reason -> changes.stream()
                                .map(Change::user)
                                .distinct()
                                .map(user -> new Altered(user, Errors.REQUEST_TIMED_OUT, reason))
                                .toList())
                .map(results -> new AlterUserScramCredentialsResponseData()
                        .setResults(results.stream()
                                .map(altered -> new AlterUserScramCredentialsResult()
                                        .setUser(altered.user())
                                        .setErrorCode(altered.error().code())
                                        .setErrorMessage(altered.message()))
                                .toList()));
    }
}
