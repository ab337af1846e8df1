package io.millrace.bench.micro;

import io.millrace.bench.plugin.Form;
import io.millrace.bench.plugin.NoopSource;
import io.millrace.connect.record.ByteArrayConverter;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorPolicy;
import io.millrace.connect.record.ErrorTolerance;
import io.millrace.connect.record.json.JsonEnvelopes;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.SimpleHeaderConverter;

/** What pipelines are put together from, besides their stages. */
final class Parts {

    static final int BATCH = 500;

    private Parts() {}

    /** @param content {@code bytes}, {@code json} or {@code schemas}: JSON with them */
    static Converters converters(String content) {
        Converter key = converter(content, true);
        Converter value = converter(content, false);
        SimpleHeaderConverter header = new SimpleHeaderConverter();
        return new Converters(
                key,
                value,
                header,
                new Converters.Types(key.getClass(), value.getClass(), SimpleHeaderConverter.class));
    }

    private static Converter converter(String content, boolean isKey) {
        Map<String, String> config = Map.of("schemas.enable", Boolean.toString(content.equals("schemas")));
        Converter converter = content.equals("bytes") ? new ByteArrayConverter() : new JsonConverter();
        converter.configure(config, isKey);
        return JsonEnvelopes.quicker(converter, config);
    }

    /** One poll's worth of the source that does nothing, in the form that goes with the content. */
    static List<SourceRecord> records(String content) {
        Form form = switch (content) {
            case "bytes" -> Form.BYTES;
            case "json" -> Form.MAP;
            default -> Form.STRUCT;
        };
        return NoopSource.records(MemoryLog.PARTITION.topic(), form, BATCH);
    }

    static <T> ErrorTolerance<T> noTolerance() {
        return new ErrorTolerance<>(new ErrorPolicy(0, 0, false, false, false), List.of(), _ -> true);
    }

    static PluginMetrics metrics() {
        return new PluginMetricsImpl(new Metrics(), Map.of());
    }
}
