package io.millrace.connect.log.kafka;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.OutgoingRecord;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Appends through an idempotent producer of its own. */
final class KafkaAppender implements LogAppender {

    private final Producer<byte[], byte[]> producer;

    KafkaAppender(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    @Override
    public void append(List<OutgoingRecord> batch, AppendListener listener) {
        for (int i = 0; i < batch.size(); i++) {
            send(batch.get(i), i, listener);
        }
    }

    private void send(OutgoingRecord record, int index, AppendListener listener) {
        ProducerRecord<byte[], byte[]> outgoing = new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestampMs(),
                record.payload().key(),
                record.payload().value(),
                record.payload().headers());
        try {
            var _ = producer.send(outgoing, (metadata, error) -> answer(record, index, metadata, error, listener));
        } catch (KafkaException | IllegalStateException e) {
            listener.failed(index, Answers.failure("append to topic " + record.topic(), e));
        }
    }

    private static void answer(
            OutgoingRecord record,
            int index,
            @Nullable RecordMetadata metadata,
            @Nullable Exception error,
            AppendListener listener) {
        if (error != null || metadata == null) {
            Throwable cause = error == null ? new IllegalStateException("no answer") : error;
            listener.failed(index, Answers.failure("append to topic " + record.topic(), cause));
            return;
        }
        TopicPartition partition = new TopicPartition(metadata.topic(), metadata.partition());
        long offset = metadata.hasOffset() ? metadata.offset() : -1;
        listener.acknowledged(index, new AppendedAt(partition, offset, metadata.timestamp()));
    }

    @Override
    public void flush() {
        producer.flush();
    }

    @Override
    public void close(Duration timeout) {
        producer.close(timeout);
    }
}
