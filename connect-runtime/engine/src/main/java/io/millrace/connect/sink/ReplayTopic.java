package io.millrace.connect.sink;

import io.millrace.connect.log.Payload;
import io.millrace.connect.log.StoredRecord;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The topic that holds the dead letters of one sink connector that are to be handled once more. Its tasks read it as
 * they read their own topics, and no other connector does. A letter that stands in it has been replayed, and is never
 * put into it again: the record is at the same time the mark.
 *
 * <p>A record in it is the letter as it first stood in its own topic, with headers below {@value #PREFIX} that say
 * where that was and which letter it is. To the sink it comes with topic, partition and offset of that first place, and
 * with those of this topic as the original ones (KIP-793), which sinks keep their positions by.
 *
 * @param name the topic
 */
public record ReplayTopic(String name) {

    static final String PREFIX = "__millrace.replay.";
    private static final String TOPIC = PREFIX + "topic";
    private static final String PARTITION = PREFIX + "partition";
    private static final String OFFSET = PREFIX + "offset";
    private static final String LETTER = PREFIX + "letter";
    private static final String ATTEMPTS = PREFIX + "attempts";
    private static final int NAME_LENGTH_MAX = 200;

    /**
     * A record's first place, with its headers as they were there.
     *
     * @param partition -1 where it is not known
     * @param offset -1 where it is not known
     * @param attempts how often the record has been replayed
     */
    public record Origin(String topic, int partition, long offset, Headers headers, int attempts) {}

    /**
     * Which letter a record of this topic is.
     *
     * @param partition of the dead letter topic and offset there
     * @param timestampMs of the letter: a dead letter topic that was deleted and made anew holds other ones
     */
    public record LetterKey(TopicPartition partition, long offset, long timestampMs) {

        private String text() {
            return "%d:%d:%d:%s".formatted(partition.partition(), offset, timestampMs, partition.topic());
        }

        private static LetterKey parse(String text) {
            String[] parts = text.split(":", 4);
            return new LetterKey(
                    new TopicPartition(parts[3], Integer.parseInt(parts[0])),
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]));
        }
    }

    /** The topic of a connector. A name that no topic can have gets a mark, so that two names do not end up as one. */
    public static ReplayTopic of(String connector) {
        String legal = connector.replaceAll("[^a-zA-Z0-9._-]", "_");
        String mark = legal.equals(connector) && legal.length() <= NAME_LENGTH_MAX
                ? ""
                : "." + Integer.toHexString(connector.hashCode());
        return new ReplayTopic(
                "__millrace-replays-" + legal.substring(0, Math.min(legal.length(), NAME_LENGTH_MAX)) + mark);
    }

    /** Whether the record stands in this topic. */
    public boolean holds(StoredRecord record) {
        return record.partition().topic().equals(name);
    }

    /** Where a record that a sink's task has read first stood: of one of another topic, where it stands. */
    Origin origin(StoredRecord record) {
        Headers headers = record.payload().headers();
        TopicPartition at = record.partition();
        if (!holds(record)) {
            return new Origin(at.topic(), at.partition(), record.offset(), headers, 0);
        }
        String topic = text(headers, TOPIC);
        return new Origin(
                topic == null ? at.topic() : topic,
                (int) number(headers, PARTITION),
                number(headers, OFFSET),
                without(headers, PREFIX),
                (int) Math.max(1, number(headers, ATTEMPTS)));
    }

    /** A letter as it is put into this topic. */
    public static Payload payload(LetterKey letter, Origin origin, Payload payload) {
        Headers headers = new RecordHeaders(origin.headers());
        add(headers, TOPIC, origin.topic());
        add(headers, PARTITION, Integer.toString(origin.partition()));
        add(headers, OFFSET, Long.toString(origin.offset()));
        add(headers, LETTER, letter.text());
        add(headers, ATTEMPTS, Integer.toString(origin.attempts()));
        return new Payload(payload.key(), payload.value(), headers);
    }

    /** Which letter a record of this topic is; null where somebody else has put it there. */
    public @Nullable LetterKey letter(StoredRecord record) {
        String text = text(record.payload().headers(), LETTER);
        try {
            return text == null ? null : LetterKey.parse(text);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return null;
        }
    }

    static Headers without(Headers headers, String... prefixes) {
        Headers kept = new RecordHeaders();
        for (Header header : headers) {
            boolean drop = false;
            for (String prefix : prefixes) {
                drop |= header.key().startsWith(prefix);
            }
            if (!drop) {
                kept.add(header);
            }
        }
        return kept;
    }

    static void add(Headers headers, String name, @Nullable String value) {
        headers.add(name, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
    }

    static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** -1 where there is none. */
    static long number(Headers headers, String name) {
        String text = text(headers, name);
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
