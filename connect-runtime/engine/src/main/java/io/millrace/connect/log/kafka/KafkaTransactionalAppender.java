package io.millrace.connect.log.kafka;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.TransactionalAppender;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** Appends through a transactional producer of its own. */
final class KafkaTransactionalAppender implements TransactionalAppender {

    private final String id;
    private final Producer<byte[], byte[]> producer;
    private final KafkaAppender appender;
    private boolean open;

    KafkaTransactionalAppender(String id, Producer<byte[], byte[]> producer) {
        this.id = id;
        this.producer = producer;
        this.appender = new KafkaAppender(producer);
    }

    @Override
    public void takeOver() {
        asked("take over the id " + id, producer::initTransactions);
    }

    @Override
    public void append(List<OutgoingRecord> batch, AppendListener listener) {
        if (!open) {
            asked("begin a transaction of " + id, producer::beginTransaction);
            open = true;
        }
        appender.append(batch, listener);
    }

    @Override
    public void flush() {
        appender.flush();
    }

    @Override
    public void commit() {
        if (open) {
            asked("commit a transaction of " + id, producer::commitTransaction);
            open = false;
        }
    }

    @Override
    public void abort() {
        if (open) {
            asked("abort a transaction of " + id, producer::abortTransaction);
            open = false;
        }
    }

    /** A producer that has been closed meanwhile says so by an {@link IllegalStateException}. */
    private static void asked(String what, Runnable call) {
        try {
            call.run();
        } catch (KafkaException | IllegalStateException e) {
            throw Answers.failure(what, e);
        }
    }

    @Override
    public void close(Duration timeout) {
        appender.close(timeout);
    }
}
