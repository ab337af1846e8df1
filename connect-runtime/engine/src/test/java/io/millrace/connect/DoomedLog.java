package io.millrace.connect;

import io.millrace.connect.log.AppendListener;
import io.millrace.connect.log.AppendedAt;
import io.millrace.connect.log.LogAppender;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.LogFailure;
import io.millrace.connect.log.OutgoingRecord;
import io.millrace.connect.log.TableTopic;
import io.millrace.connect.log.TransactionalAppender;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A log as a worker sees it that dies at one step of a source task: from that moment on no call of the worker reaches
 * the log, also not to close or to abort. What it had opened stays open, as a zombie.
 */
final class DoomedLog implements AutoCloseable {

    private final LogClient log;
    private final String offsetTopic;
    private final Step step;
    private final AtomicInteger left;
    private final ConcurrentLinkedQueue<LogAppender> zombies = new ConcurrentLinkedQueue<>();
    private volatile boolean dead;

    /** Where it dies. */
    enum Step {
        TAKE_OVER,
        IN_A_BATCH,
        BEFORE_POSITIONS,
        BEFORE_COMMIT,
        AFTER_COMMIT,
        NEVER
    }

    /** What the dying worker sees. */
    static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param times which passage through the step is the last one
     */
    DoomedLog(LogClient log, String offsetTopic, Step step, int times) {
        this.log = log;
        this.offsetTopic = offsetTopic;
        this.step = step;
        this.left = new AtomicInteger(times);
    }

    boolean isDead() {
        return dead;
    }

    private void requireAlive() {
        if (dead) {
            throw new Died();
        }
    }

    private void pass(Step passed) {
        requireAlive();
        if (passed == step && left.decrementAndGet() == 0) {
            dead = true;
            throw new Died();
        }
    }

    /** The log until it dies. */
    LogClient client() {
        InvocationHandler handler = (proxy, method, arguments) -> {
            requireAlive();
            try {
                Object answer = method.invoke(log, arguments);
                return answer == null ? null : doomed(answer);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        };
        return (LogClient)
                Proxy.newProxyInstance(DoomedLog.class.getClassLoader(), new Class<?>[] {LogClient.class}, handler);
    }

    private Object doomed(Object answer) {
        return switch (answer) {
            case TransactionalAppender appender -> {
                zombies.add(appender);
                yield new Appender(appender, appender);
            }
            case LogAppender appender -> {
                zombies.add(appender);
                yield new Appender(appender, null);
            }
            case TableTopic table -> new Table(table);
            default -> answer;
        };
    }

    /** What it had opened and never closed. */
    List<LogAppender> zombies() {
        return List.copyOf(zombies);
    }

    @Override
    public void close() {
        zombies.forEach(zombie -> zombie.close(Duration.ZERO));
    }

    /** Passes on until it dies. */
    private final class Appender implements TransactionalAppender {

        private final LogAppender appender;
        private final @Nullable TransactionalAppender transactions;

        private Appender(LogAppender appender, @Nullable TransactionalAppender transactions) {
            this.appender = appender;
            this.transactions = transactions;
        }

        private TransactionalAppender transactions() {
            if (transactions == null) {
                throw new IllegalStateException("not a transactional appender");
            }
            return transactions;
        }

        @Override
        public void takeOver() {
            pass(Step.TAKE_OVER);
            transactions().takeOver();
        }

        @Override
        public void append(List<OutgoingRecord> batch, AppendListener listener) {
            if (batch.getFirst().topic().equals(offsetTopic)) {
                pass(Step.BEFORE_POSITIONS);
                appender.append(batch, listener);
                return;
            }
            requireAlive();
            int half = batch.size() / 2;
            appender.append(batch.subList(0, half), listener);
            pass(Step.IN_A_BATCH);
            appender.append(batch.subList(half, batch.size()), shifted(listener, half));
        }

        private AppendListener shifted(AppendListener listener, int by) {
            return new AppendListener() {
                @Override
                public void acknowledged(int index, AppendedAt position) {
                    listener.acknowledged(index + by, position);
                }

                @Override
                public void failed(int index, LogFailure failure) {
                    listener.failed(index + by, failure);
                }
            };
        }

        @Override
        public void commit() {
            pass(Step.BEFORE_COMMIT);
            transactions().commit();
            pass(Step.AFTER_COMMIT);
        }

        @Override
        public void abort() {
            requireAlive();
            transactions().abort();
        }

        @Override
        public void flush() {
            requireAlive();
            appender.flush();
        }

        @Override
        public void close(Duration timeout) {
            if (!dead) {
                appender.close(timeout);
            }
        }
    }

    /** The same for positions that are written outside of transactions. */
    private final class Table implements TableTopic {

        private final TableTopic table;

        private Table(TableTopic table) {
            this.table = table;
        }

        @Override
        public CompletableFuture<AppendedAt> put(byte[] key, byte @Nullable [] value) {
            pass(Step.BEFORE_POSITIONS);
            return table.put(key, value);
        }

        @Override
        public void readToEnd(Duration timeout) {
            requireAlive();
            table.readToEnd(timeout);
        }

        @Override
        public void close() {
            table.close();
        }
    }
}
