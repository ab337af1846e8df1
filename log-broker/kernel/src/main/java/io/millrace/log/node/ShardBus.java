package io.millrace.log.node;

import io.millrace.log.api.LocalShard;
import io.millrace.log.types.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Lets shards run work on each other. A message carries how much of the metadata its sender had applied, and runs once
 * the receiver has applied as much: so a client that was told of a topic by one shard finds it on every other.
 *
 * <p>Messages that arrive behind one that waits, wait too: their order is kept.
 */
final class ShardBus {

    /**
     * One message.
     *
     * @param metadataIndex what the receiver must have applied first
     * @param work runs on the receiver's loop
     */
    record Work(long metadataIndex, Consumer<ShardCore> work) implements ShardMessage {}

    private final ShardCore here;
    private final Outbox outbox;
    private final Deque<Work> waiting = new ArrayDeque<>();

    ShardBus(ShardCore here, Outbox outbox) {
        this.here = here;
        this.outbox = outbox;
    }

    <A> Promise<A> ask(int shard, Function<LocalShard, Promise<A>> call) {
        if (shard == here.self()) {
            return call.apply(here);
        }
        Promise<A> answer = new Promise<>();
        int asker = here.self();
        send(
                shard,
                there -> call.apply(there)
                        .whenDone(value -> there.bus().send(asker, ignored -> answer.complete(value))));
        return answer;
    }

    private void send(int shard, Consumer<ShardCore> work) {
        outbox.send(shard, new Work(here.metadataIndex(), work));
    }

    void received(ShardMessage message) {
        waiting.add((Work) message);
        drain();
    }

    /** Runs what may run; called again whenever metadata was applied. */
    void drain() {
        while (!waiting.isEmpty() && waiting.peek().metadataIndex() <= here.metadataIndex()) {
            waiting.remove().work().accept(here);
        }
    }
}
