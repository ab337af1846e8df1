package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.Uuid;

/** Makes a broker known to the cluster, and gives a new cluster its id. */
public final class BrokerRegistration {

    private BrokerRegistration() {}

    /** The answer is true: registered, now or before. */
    public static Decision<Boolean> decide(ClusterImage image, BrokerConfig broker, Uuid newClusterId) {
        List<MetadataRecord> records = new ArrayList<>();
        if (image.clusterId() == null) {
            records.add(new MetadataRecord.ClusterNamed(newClusterId.toString()));
        }
        BrokerImage now = new BrokerImage(broker.brokerId(), broker.advertisedHost(), broker.port());
        if (!Objects.equals(now, image.broker(broker.brokerId()))) {
            records.add(new MetadataRecord.BrokerRegistered(now.id(), now.host(), now.port()));
        }
        return new Decision<>(records, true);
    }
}
