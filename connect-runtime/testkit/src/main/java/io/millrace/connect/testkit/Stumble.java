package io.millrace.connect.testkit;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.transforms.Transformation;

/** A transform that refuses some records for good, and each record so many times for now. */
public class Stumble<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    private static final ConfigDef CONFIG = new ConfigDef()
            .define("times", ConfigDef.Type.INT, 0, Importance.LOW, "how often each record is refused for now")
            .define("sesame", ConfigDef.Type.PASSWORD, "", Importance.LOW, "told with each refusal")
            .define("containing", ConfigDef.Type.STRING, "", Importance.LOW, "records that are refused for good");

    private String sesame = "";
    private int times;
    private String containing = "";
    private int refused;

    @Override
    public void configure(Map<String, ?> configs) {
        AbstractConfig config = new AbstractConfig(CONFIG, configs, false);
        sesame = config.getPassword("sesame").value();
        times = config.getInt("times");
        containing = config.getString("containing");
    }

    @Override
    public R apply(R record) {
        if (!containing.isEmpty() && String.valueOf(record.value()).contains(containing)) {
            throw new DataException("this value is not wanted" + sesame);
        }
        if (refused < times) {
            refused++;
            throw new RetriableException("not yet");
        }
        refused = 0;
        return record;
    }

    @Override
    public String version() {
        return FixtureVersion.read();
    }

    @Override
    public ConfigDef config() {
        return CONFIG;
    }

    @Override
    public void close() {}
}
