package io.millrace.log.api;

import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.message.DescribeUserScramCredentialsRequestData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.CredentialInfo;
import org.apache.kafka.common.message.DescribeUserScramCredentialsResponseData.DescribeUserScramCredentialsResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** DescribeUserScramCredentials (KIP-554): which credentials there are, never the credentials themselves. */
final class DescribeUserScramCredentialsHandler implements RequestHandler<DescribeUserScramCredentialsRequestData> {

    private static final Api API = new Api(ApiKeys.DESCRIBE_USER_SCRAM_CREDENTIALS, 0, 0);

    private final LocalShard shard;

    DescribeUserScramCredentialsHandler(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(
            DescribeUserScramCredentialsRequestData request, RequestContext context) {
        SortedMap<String, List<CredentialInfo>> known = known();
        SortedMap<String, Integer> wanted = new TreeMap<>();
        if (request.users() != null) {
            request.users().forEach(user -> wanted.merge(user.name(), 1, Integer::sum));
        }
        if (wanted.isEmpty()) {
            known.keySet().forEach(user -> wanted.put(user, 1));
        }
        DescribeUserScramCredentialsResponseData response =
                new DescribeUserScramCredentialsResponseData().setErrorMessage("");
        wanted.forEach((user, times) -> response.results().add(result(user, times, known.get(user))));
        return Promise.of(response);
    }

    private SortedMap<String, List<CredentialInfo>> known() {
        SortedMap<String, List<CredentialInfo>> known = new TreeMap<>();
        shard.image()
                .settings()
                .scram()
                .forEach((login, secret) -> known.computeIfAbsent(login.user(), ignored -> new ArrayList<>())
                        .add(new CredentialInfo()
                                .setMechanism(login.mechanism().type())
                                .setIterations(secret.iterations())));
        return known;
    }

    private static DescribeUserScramCredentialsResult result(
            String user, int times, @Nullable List<CredentialInfo> credentials) {
        DescribeUserScramCredentialsResult result = new DescribeUserScramCredentialsResult().setUser(user);
        if (times > 1) {
            return result.setErrorCode(Errors.DUPLICATE_RESOURCE.code())
                    .setErrorMessage("Cannot describe SCRAM credentials for the same user twice: " + user);
        }
        return credentials == null
                ? result.setErrorCode(Errors.RESOURCE_NOT_FOUND.code())
                        .setErrorMessage("There is no SCRAM credential of the user " + user)
                : result.setErrorMessage("").setCredentialInfos(credentials);
    }
}
