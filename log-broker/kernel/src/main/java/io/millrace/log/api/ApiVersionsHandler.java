package io.millrace.log.api;

import io.millrace.log.types.Promise;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersionCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** ApiVersions (KIP-35, KIP-511, KIP-584): which keys are served, in which versions, and which features. */
public final class ApiVersionsHandler implements RequestHandler<ApiVersionsRequestData> {

    static final Api API = new Api(ApiKeys.API_VERSIONS, 0, 4);

    /** Client software names and versions that Kafka accepts (KIP-511). */
    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private static final int SOFTWARE_SINCE = 3;

    private final ApiTable table;

    ApiVersionsHandler(ApiTable table) {
        this.table = table;
    }

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(ApiVersionsRequestData request, RequestContext context) {
        if (context.version() >= SOFTWARE_SINCE && !namesSoftware(request)) {
            return Promise.of(new ApiVersionsResponseData().setErrorCode(Errors.INVALID_REQUEST.code()));
        }
        ApiVersionsResponseData answer = ranges(table);
        Features.addTo(answer, context.version());
        return Promise.of(answer);
    }

    private static boolean namesSoftware(ApiVersionsRequestData request) {
        return SOFTWARE.matcher(request.clientSoftwareName()).matches()
                && SOFTWARE.matcher(request.clientSoftwareVersion()).matches();
    }

    /** The answer, in version 0, to a version of ApiVersions that is not served. */
    public static ApiVersionsResponseData unsupportedVersion(ApiTable table) {
        return ranges(table).setErrorCode(Errors.UNSUPPORTED_VERSION.code());
    }

    private static ApiVersionsResponseData ranges(ApiTable table) {
        ApiVersionCollection versions = new ApiVersionCollection();
        for (RequestHandler<?> handler : table.all()) {
            Api api = handler.api();
            versions.add(new ApiVersion()
                    .setApiKey(api.key().id)
                    .setMinVersion((short) advertisedMin(api))
                    .setMaxVersion((short) api.versionMax()));
        }
        return new ApiVersionsResponseData().setApiKeys(versions);
    }

    /** librdkafka before 2.11 takes a Produce minimum above 0 for a lack of compression codecs (KAFKA-18659). */
    private static int advertisedMin(Api api) {
        return api.key() == ApiKeys.PRODUCE ? 0 : api.versionMin();
    }
}
