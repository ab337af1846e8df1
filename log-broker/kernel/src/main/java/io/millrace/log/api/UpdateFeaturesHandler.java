package io.millrace.log.api;

import io.millrace.log.types.Promise;
import org.apache.kafka.common.message.UpdateFeaturesRequestData;
import org.apache.kafka.common.message.UpdateFeaturesRequestData.FeatureUpdateKey;
import org.apache.kafka.common.message.UpdateFeaturesResponseData;
import org.apache.kafka.common.message.UpdateFeaturesResponseData.UpdatableFeatureResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/**
 * UpdateFeatures (KIP-584, KIP-1022). Every feature is in force at its highest level from the first start, so that only
 * this level can be asked for.
 */
final class UpdateFeaturesHandler implements RequestHandler<UpdateFeaturesRequestData> {

    private static final Api API = new Api(ApiKeys.UPDATE_FEATURES, 0, 2);
    private static final int ONE_RESULT_SINCE = 2;

    @Override
    public Api api() {
        return API;
    }

    @Override
    public Promise<? extends ApiMessage> handle(UpdateFeaturesRequestData request, RequestContext context) {
        UpdateFeaturesResponseData response = new UpdateFeaturesResponseData();
        for (FeatureUpdateKey update : request.featureUpdates()) {
            String problem = Features.problem(update.feature(), update.maxVersionLevel());
            if (problem != null) {
                return Promise.of(new UpdateFeaturesResponseData()
                        .setErrorCode(Errors.INVALID_UPDATE_VERSION.code())
                        .setErrorMessage("No feature was changed: " + problem));
            }
            if (context.version() < ONE_RESULT_SINCE) {
                response.results()
                        .add(new UpdatableFeatureResult()
                                .setFeature(update.feature())
                                .setErrorMessage(Errors.NONE.name()));
            }
        }
        return Promise.of(response);
    }
}
