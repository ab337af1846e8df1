package io.millrace.connect.log.kafka;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.LogFailure.Category;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.Payload;
import io.millrace.connect.log.TableTopic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows all partitions of one topic on a thread of its own, and writes to it through a shared appender. */
final class KafkaTableTopic implements TableTopic {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaTableTopic.class);
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
    private static final int ASSIGN_TRIES = 20;
    private static final Duration RETRY_DELAY = Duration.ofMillis(500);

    private final String topic;
    private final Consumer<byte[], byte[]> consumer;
    private final Ends ends;
    private final LogAppender appender;
    private final Listener listener;
    private final Queue<EndRequest> endRequests = new ConcurrentLinkedQueue<>();
    private final Thread follower;
    private volatile boolean closed;

    /**
     * Finds the next offset of each partition, whether or not what stands before it is committed. The consumer cannot
     * tell: to one that reads committed records, the log ends before the first transaction that is open.
     */
    @FunctionalInterface
    interface Ends {

        /** Throws {@link LogFailure}. */
        Map<TopicPartition, Long> of(Set<TopicPartition> partitions);
    }

    /**
     * Somebody waits for the end.
     *
     * @param ends how it is found, when the follower comes to it
     */
    private record EndRequest(Ends ends, CompletableFuture<Boolean> done) {}

    /** Takes over the consumer, and closes it. */
    static KafkaTableTopic open(
            String topic, Consumer<byte[], byte[]> consumer, Ends ends, LogAppender appender, Listener listener) {
        try {
            assignAll(topic, consumer);
            return new KafkaTableTopic(topic, consumer, ends, appender, listener);
        } catch (KafkaException e) {
            consumer.close();
            throw Answers.failure("read topic " + topic, e);
        }
    }

    private KafkaTableTopic(
            String topic, Consumer<byte[], byte[]> consumer, Ends ends, LogAppender appender, Listener listener) {
        this.topic = topic;
        this.consumer = consumer;
        this.ends = ends;
        this.appender = appender;
        this.listener = listener;
        this.follower = Thread.ofPlatform().name("table-" + topic).daemon(true).start(this::follow);
    }

    private void follow() {
        try (consumer) {
            while (!closed) {
                turn();
            }
        } catch (KafkaException | LogFailure e) {
            LOG.atError().addKeyValue("topic", topic).setCause(e).log("a table of the log is no longer followed");
        } finally {
            closed = true;
            failRequests();
        }
    }

    /** Takes all partitions from their beginning. A topic that was just made may take a moment to be seen. */
    private static void assignAll(String topic, Consumer<byte[], byte[]> consumer) {
        List<PartitionInfo> infos = consumer.partitionsFor(topic);
        for (int tries = 1; infos.isEmpty() && tries < ASSIGN_TRIES; tries++) {
            Answers.pause(RETRY_DELAY);
            infos = consumer.partitionsFor(topic);
        }
        List<TopicPartition> partitions = infos.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads on; a failure that may pass is logged and the turn ends after a pause. */
    private void turn() {
        try {
            answerEndRequests();
            accept(consumer.poll(POLL_TIMEOUT));
        } catch (WakeupException e) {
            // Woken to look at the requests or at closed.
        } catch (RetriableException e) {
            retryLater(e);
        } catch (LogFailure e) {
            if (e.category() != Category.RETRY) {
                throw e;
            }
            retryLater(e);
        }
    }

    private void retryLater(RuntimeException cause) {
        LOG.atWarn().addKeyValue("topic", topic).setCause(cause).log("reading a table of the log failed, trying again");
        Answers.pause(RETRY_DELAY);
    }

    private void answerEndRequests() {
        EndRequest request = endRequests.peek();
        while (request != null) {
            readUpTo(request.ends().of(consumer.assignment()));
            endRequests.remove();
            request.done().complete(true);
            request = endRequests.peek();
        }
    }

    private void readUpTo(Map<TopicPartition, Long> wanted) {
        while (!closed
                && wanted.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            accept(consumer.poll(POLL_TIMEOUT));
        }
    }

    private void accept(ConsumerRecords<byte[], byte[]> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            listener.accept(KafkaGroupReader.stored(partition, record));
        }
    }

    private void failRequests() {
        for (EndRequest request : endRequests) {
            request.done().completeExceptionally(new IllegalStateException("table " + topic + " is closed"));
        }
    }

    @Override
    public CompletableFuture<AppendedAt> put(byte[] key, byte @Nullable [] value) {
        CompletableFuture<AppendedAt> done = new CompletableFuture<>();
        OutgoingRecord record = new OutgoingRecord(topic, null, null, Payload.of(key, value));
        appender.append(List.of(record), new AppendListener() {
            @Override
            public void acknowledged(int index, AppendedAt position) {
                done.complete(position);
            }

            @Override
            public void failed(int index, LogFailure failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    @Override
    public void readToEnd(Duration timeout) {
        read(ends, timeout);
    }

    /** The same, but up to the first transaction that is open: whoever left it may never end it. */
    void readCommitted(Duration timeout) {
        read(consumer::endOffsets, timeout);
    }

    private void read(Ends upTo, Duration timeout) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        endRequests.add(new EndRequest(upTo, done));
        if (closed) {
            failRequests();
        }
        consumer.wakeup();
        String what = "read topic " + topic + " to its end";
        try {
            done.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw Answers.failure(what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LogFailure(Category.RETRY, "interrupted while trying to " + what, e);
        }
    }

    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        try {
            follower.join(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
