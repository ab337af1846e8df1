package io.millrace.log.api;

import io.millrace.log.types.Promise;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.kafka.common.message.CreateAclsRequestData;
import org.apache.kafka.common.message.CreateAclsResponseData;
import org.apache.kafka.common.message.CreateAclsResponseData.AclCreationResult;
import org.apache.kafka.common.message.CreateDelegationTokenRequestData;
import org.apache.kafka.common.message.CreateDelegationTokenResponseData;
import org.apache.kafka.common.message.DeleteAclsRequestData;
import org.apache.kafka.common.message.DeleteAclsResponseData;
import org.apache.kafka.common.message.DeleteAclsResponseData.DeleteAclsFilterResult;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.DescribeAclsResponseData;
import org.apache.kafka.common.message.DescribeDelegationTokenRequestData;
import org.apache.kafka.common.message.DescribeDelegationTokenResponseData;
import org.apache.kafka.common.message.ExpireDelegationTokenRequestData;
import org.apache.kafka.common.message.ExpireDelegationTokenResponseData;
import org.apache.kafka.common.message.RenewDelegationTokenRequestData;
import org.apache.kafka.common.message.RenewDelegationTokenResponseData;
import org.apache.kafka.common.message.SaslAuthenticateRequestData;
import org.apache.kafka.common.message.SaslAuthenticateResponseData;
import org.apache.kafka.common.message.SaslHandshakeRequestData;
import org.apache.kafka.common.message.SaslHandshakeResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;

/**
 * The APIs of access rules, delegation tokens and SASL, on a listener that authenticates nobody: each says so, as Kafka
 * does without an authorizer and on a PLAINTEXT listener.
 */
final class SecurityHandlers {

    private static final String NO_AUTHORIZER = "No authorizer is configured: everybody may do everything.";

    /** The version of CreateDelegationToken from which on the answer says who asked. */
    private static final int REQUESTER_SINCE = 3;

    /** An API whose answer is made of the request alone. */
    private record Answering<Q extends ApiMessage>(Api api, BiFunction<Q, RequestContext, ApiMessage> answer)
            implements RequestHandler<Q> {

        @Override
        public Promise<? extends ApiMessage> handle(Q request, RequestContext context) {
            return Promise.of(answer.apply(request, context));
        }
    }

    private SecurityHandlers() {}

    static List<RequestHandler<?>> all() {
        return List.of(
                answering(ApiKeys.DESCRIBE_ACLS, 1, 3, (DescribeAclsRequestData _, RequestContext _) -> describeAcls()),
                answering(
                        ApiKeys.CREATE_ACLS,
                        1,
                        3,
                        (CreateAclsRequestData request, RequestContext _) -> createAcls(request)),
                answering(
                        ApiKeys.DELETE_ACLS,
                        1,
                        3,
                        (DeleteAclsRequestData request, RequestContext _) -> deleteAcls(request)),
                answering(
                        ApiKeys.CREATE_DELEGATION_TOKEN,
                        1,
                        3,
                        (CreateDelegationTokenRequestData _, RequestContext context) -> createToken(context)),
                answering(
                        ApiKeys.RENEW_DELEGATION_TOKEN,
                        1,
                        2,
                        (RenewDelegationTokenRequestData _, RequestContext _) -> renewToken()),
                answering(
                        ApiKeys.EXPIRE_DELEGATION_TOKEN,
                        1,
                        2,
                        (ExpireDelegationTokenRequestData _, RequestContext _) -> expireToken()),
                answering(
                        ApiKeys.DESCRIBE_DELEGATION_TOKEN,
                        1,
                        3,
                        (DescribeDelegationTokenRequestData _, RequestContext _) -> describeTokens()),
                answering(ApiKeys.SASL_HANDSHAKE, 0, 1, (SaslHandshakeRequestData _, RequestContext _) -> handshake()),
                answering(
                        ApiKeys.SASL_AUTHENTICATE,
                        0,
                        2,
                        (SaslAuthenticateRequestData _, RequestContext _) -> authenticate()));
    }

    private static <Q extends ApiMessage> RequestHandler<Q> answering(
            ApiKeys key, int versionMin, int versionMax, BiFunction<Q, RequestContext, ApiMessage> answer) {
        return new Answering<>(new RequestHandler.Api(key, versionMin, versionMax), answer);
    }

    private static ApiMessage describeAcls() {
        return new DescribeAclsResponseData()
                .setErrorCode(Errors.SECURITY_DISABLED.code())
                .setErrorMessage(NO_AUTHORIZER);
    }

    private static ApiMessage createAcls(CreateAclsRequestData request) {
        return new CreateAclsResponseData()
                .setResults(request.creations().stream()
                        .map(ignored -> new AclCreationResult()
                                .setErrorCode(Errors.SECURITY_DISABLED.code())
                                .setErrorMessage(NO_AUTHORIZER))
                        .toList());
    }

    private static ApiMessage deleteAcls(DeleteAclsRequestData request) {
        return new DeleteAclsResponseData()
                .setFilterResults(request.filters().stream()
                        .map(ignored -> new DeleteAclsFilterResult()
                                .setErrorCode(Errors.SECURITY_DISABLED.code())
                                .setErrorMessage(NO_AUTHORIZER))
                        .toList());
    }

    private static ApiMessage createToken(RequestContext context) {
        CreateDelegationTokenResponseData answer = new CreateDelegationTokenResponseData()
                .setErrorCode(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code())
                .setPrincipalType(KafkaPrincipal.USER_TYPE)
                .setPrincipalName(context.user())
                .setIssueTimestampMs(-1)
                .setExpiryTimestampMs(-1)
                .setMaxTimestampMs(-1);
        return context.version() < REQUESTER_SINCE
                ? answer
                : answer.setTokenRequesterPrincipalType(KafkaPrincipal.USER_TYPE)
                        .setTokenRequesterPrincipalName(context.user());
    }

    private static ApiMessage renewToken() {
        return new RenewDelegationTokenResponseData()
                .setErrorCode(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code())
                .setExpiryTimestampMs(-1);
    }

    private static ApiMessage expireToken() {
        return new ExpireDelegationTokenResponseData()
                .setErrorCode(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code())
                .setExpiryTimestampMs(-1);
    }

    private static ApiMessage describeTokens() {
        return new DescribeDelegationTokenResponseData()
                .setErrorCode(Errors.DELEGATION_TOKEN_REQUEST_NOT_ALLOWED.code());
    }

    private static ApiMessage handshake() {
        return new SaslHandshakeResponseData().setErrorCode(Errors.ILLEGAL_SASL_STATE.code());
    }

    private static ApiMessage authenticate() {
        return new SaslAuthenticateResponseData()
                .setErrorCode(Errors.ILLEGAL_SASL_STATE.code())
                .setErrorMessage("This listener authenticates nobody: connect without SASL.");
    }
}
