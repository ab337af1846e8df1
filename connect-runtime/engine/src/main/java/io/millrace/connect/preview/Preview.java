package io.millrace.connect.preview;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.record.ConnectJson;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a connector would do.
 *
 * @param ended why there is no more
 * @param failure what went wrong; null: nothing
 * @param changed what its config was changed to so that the preview leaves nothing behind
 * @param topics where records would be written to, or, of a sink, what it would read
 * @param schemas every schema of the records, which name it by its place in this list
 * @param records in the order of the source, or of the read
 */
public record Preview(
        PluginType type,
        Ended ended,
        @Nullable Failure failure,
        Map<String, String> changed,
        List<Topic> topics,
        List<JsonNode> schemas,
        List<Item> records) {

    /** Why a preview ended. */
    public enum Ended {
        /** There are as many records as wanted. */
        RECORDS,
        /** The time was up. */
        TIME,
        /** A sink's topics hold no more. */
        END,
        /** The records are as large together as an answer may be. */
        SIZE,
        /** The connector failed, or a record did that may not. */
        FAILED
    }

    /**
     * What went wrong.
     *
     * @param during which call
     * @param message one sentence, without secrets
     */
    public record Failure(String during, String message) {}

    /**
     * A topic.
     *
     * @param partitions how many it has; null where it does not exist
     */
    public record Topic(String name, @Nullable Integer partitions) {}

    /** What would become of a record. */
    public enum Outcome {
        /** A source's would be written to its topic, a sink's would be given to its task. */
        DELIVERED,
        /** A transform drops it. */
        DROPPED,
        /** It cannot be handled. */
        FAILED
    }

    /**
     * One record of the source or of the sink's topics, and what would become of it.
     *
     * @param from its position: {@code partition} and {@code offset} of the source, or {@code topic}, {@code
     *     partition} and {@code offset} in the log
     * @param record null unless it is delivered
     * @param error null unless it failed
     */
    public record Item(
            Map<String, Object> from,
            Outcome outcome,
            @Nullable Delivered record,
            @Nullable RecordError error) {}

    /**
     * Why a record cannot be handled.
     *
     * @param stage of its way, as in dead letters
     * @param executing the class that failed
     * @param exception the class of the exception
     * @param message without secrets
     */
    public record RecordError(String stage, String executing, String exception, String message) {}

    /**
     * A record as it would be written, or given to the sink.
     *
     * @param partition null: chosen by the hash of the key
     * @param timestampMs milliseconds since the epoch; null: the time of the append
     */
    public record Delivered(
            String topic,
            @Nullable Integer partition,
            @Nullable Long timestampMs,
            Part key,
            Part value,
            List<Header> headers) {}

    /**
     * Key, value or the value of a header.
     *
     * @param schema its place in the list of schemas; null: there is none
     * @param data as the transforms leave it
     * @param written the bytes that the topic would hold; null for no bytes, and for what goes to a sink
     */
    public record Part(@Nullable Integer schema, JsonNode data, ConnectJson.@Nullable Bytes written) {}

    /** A header of a record. */
    public record Header(String name, Part part) {}
}
