package io.millrace.log.api;

import io.millrace.log.metadata.ProducerIds;
import io.millrace.log.transaction.ProducerIdSource;
import io.millrace.log.types.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * The producer ids of one shard. They come from blocks that the controller gives to it, so that no id is ever given
 * twice.
 */
public final class ProducerIdPool implements ProducerIdSource {

    private final LocalShard shard;
    private final Deque<Promise<OptionalLong>> waiting = new ArrayDeque<>();
    private ProducerIds.Block block = ProducerIds.Block.NONE;
    private long nextId;
    private boolean asking;

    public ProducerIdPool(LocalShard shard) {
        this.shard = shard;
    }

    @Override
    public OptionalLong next() {
        if (nextId < block.end()) {
            nextId++;
            return OptionalLong.of(nextId - 1);
        }
        ask();
        return OptionalLong.empty();
    }

    /** A new id, as soon as the controller gives one; empty if it does not. */
    Promise<OptionalLong> awaitNext() {
        OptionalLong id = waiting.isEmpty() ? next() : OptionalLong.empty();
        if (id.isPresent()) {
            return Promise.of(id);
        }
        Promise<OptionalLong> answer = new Promise<>();
        waiting.add(answer);
        ask();
        return answer;
    }

    private void ask() {
        if (!asking) {
            asking = true;
            shard.decide(ProducerIds::allocate, refused -> ProducerIds.Block.NONE)
                    .whenDone(this::received);
        }
    }

    private void received(ProducerIds.Block given) {
        asking = false;
        block = given;
        nextId = given.start();
        boolean refused = given.equals(ProducerIds.Block.NONE);
        while (!waiting.isEmpty() && (refused || nextId < block.end())) {
            waiting.remove().complete(refused ? OptionalLong.empty() : next());
        }
        if (!waiting.isEmpty()) {
            ask();
        }
    }
}
