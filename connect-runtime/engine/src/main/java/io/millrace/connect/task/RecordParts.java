package io.millrace.connect.task;

import io.millrace.connect.plugin.ConnectorKeys;
import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.PluginFactory;
import io.millrace.connect.record.Converters;
import io.millrace.connect.record.ErrorPolicy;
import io.millrace.connect.record.TransformChain;
import io.millrace.connect.record.json.JsonEnvelopes;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;

/** Makes what works on the records of one task, source or sink, from its connector's config. */
public final class RecordParts {

    private final PluginFactory factory;
    private final ConnectorSettings settings;

    public RecordParts(PluginFactory factory, ConnectorSettings settings) {
        this.factory = factory;
        this.settings = settings;
    }

    /** The converters, the worker's where the connector names none. Whoever asks closes them. */
    public Converters converters() {
        ConnectorSettings.Part key = settings.converter(ConnectorKeys.KEY_CONVERTER);
        ConnectorSettings.Part value = settings.converter(ConnectorKeys.VALUE_CONVERTER);
        ConnectorSettings.Part header = settings.converter(ConnectorKeys.HEADER_CONVERTER);
        Converter keys = factory.converter(key, true);
        Converter values = factory.converter(value, false);
        HeaderConverter headers = factory.headerConverter(header);
        return new Converters(
                JsonEnvelopes.quicker(keys, key.config()),
                JsonEnvelopes.quicker(values, value.config()),
                headers,
                new Converters.Types(
                        PluginFactory.typeOf(keys), PluginFactory.typeOf(values), PluginFactory.typeOf(headers)));
    }

    /** The transforms, in order, each with its predicate. Whoever asks closes them. */
    public <R extends ConnectRecord<R>> TransformChain<R> transforms() {
        List<TransformChain.Step<R>> steps = new ArrayList<>();
        for (ConnectorSettings.Transform transform : settings.transforms()) {
            Transformation<R> transformation = factory.transformation(transform.part());
            Predicate<R> predicate = predicate(transform.predicates());
            Class<?> type = PluginFactory.typeOf(transformation);
            steps.add(new TransformChain.Step<R>(transformation, predicate, transform.negate(), type));
        }
        return new TransformChain<>(steps);
    }

    private <R extends ConnectRecord<R>> @Nullable Predicate<R> predicate(List<ConnectorSettings.Part> predicates) {
        return predicates.isEmpty() ? null : factory.predicate(predicates.getFirst());
    }

    /** What to do with records that cannot be handled. */
    public ErrorPolicy errorPolicy() {
        return new ErrorPolicy(
                settings.number(ConnectorKeys.RETRY_TIMEOUT),
                settings.number(ConnectorKeys.RETRY_DELAY_MAX),
                settings.text(ConnectorKeys.TOLERANCE).equals("all"),
                settings.flag(ConnectorKeys.LOG_ENABLE),
                settings.flag(ConnectorKeys.LOG_MESSAGES));
    }
}
