package io.millrace.log.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.coordinator.ReplicatedShard;
import io.millrace.log.coordinator.ShardLimits;
import io.millrace.log.coordinator.SimLog;
import io.millrace.log.coordinator.SimTimers;
import io.millrace.log.metadata.TransactionConfig;
import io.millrace.log.types.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** One coordinator over a log in memory, and the words of its clients. */
final class TransactionFixture implements TransactionCoordinator.Surroundings {

    static final String ID = "payments";
    static final int TIMEOUT_MS = 60_000;

    /** What a client knows of its producer. */
    record Known(long id, short epoch) {

        Known withEpoch(int other) {
            return new Known(id, (short) other);
        }
    }

    final SimTimers timers = new SimTimers();
    final SimLog log = new SimLog();
    final SimPartitions partitions = new SimPartitions();
    private final TransactionConfig config;
    private ReplicatedShard<TransactionCoordinator> shard;
    private long nextProducerId = 100;
    private boolean lacksProducerIds;
    private int coordinatorEpoch;

    TransactionFixture() {
        this(TransactionConfig.defaults());
    }

    TransactionFixture(TransactionConfig config) {
        this.config = config;
        this.shard = newShard();
    }

    private ReplicatedShard<TransactionCoordinator> newShard() {
        ReplicatedShard<TransactionCoordinator> made = new ReplicatedShard<>(
                log,
                new ShardLimits(config.loadBytesMax(), config.commitTimeoutMs()),
                timers,
                deadlines -> new TransactionCoordinator(config, deadlines, this),
                reason -> {
                    throw new AssertionError(reason);
                });
        made.start();
        return made;
    }

    /** Another coordinator takes over, from what stands in the log. */
    void failOver() {
        shard.close();
        coordinatorEpoch++;
        shard = newShard();
    }

    @Override
    public MarkerWriter markers() {
        return partitions;
    }

    @Override
    public ProducerIdSource producerIds() {
        return () -> lacksProducerIds ? OptionalLong.empty() : OptionalLong.of(nextProducerId++);
    }

    @Override
    public int coordinatorEpoch() {
        return coordinatorEpoch;
    }

    void lackProducerIds(boolean lacks) {
        lacksProducerIds = lacks;
    }

    /** Lets what was put off for the end of the step happen. */
    void settle() {
        timers.advance(0);
    }

    <Q, A> Promise<A> ask(Q request, BiFunction<TransactionCoordinator, TransactionCall<Q, A>, Decision> event) {
        Promise<A> answer = new Promise<>();
        TransactionCall<Q, A> call = new TransactionCall<>(timers.now(), request, answer::complete);
        shard.submit(coordinator -> event.apply(coordinator, call), error -> {
            throw new AssertionError("coordinator is not active: " + error);
        });
        return answer;
    }

    static <A> A get(Promise<A> answer) {
        List<A> value = new ArrayList<>();
        answer.whenDone(value::add);
        if (value.isEmpty()) {
            throw new AssertionError("not answered yet");
        }
        return value.getFirst();
    }

    static InitProducerIdRequestData initRequest() {
        return new InitProducerIdRequestData().setTransactionalId(ID).setTransactionTimeoutMs(TIMEOUT_MS);
    }

    Promise<InitProducerIdResponseData> init(InitProducerIdRequestData request) {
        return ask(request, TransactionCoordinator::initProducer);
    }

    Errors initError(InitProducerIdRequestData request) {
        return Errors.forCode(get(init(request)).errorCode());
    }

    /** Lets a producer in that knows of none before it. */
    Known init() {
        return known(init(initRequest()));
    }

    /** A producer goes on under another epoch (KIP-360). */
    Promise<InitProducerIdResponseData> goOn(Known producer) {
        return init(initRequest().setProducerId(producer.id()).setProducerEpoch(producer.epoch()));
    }

    static Known known(Promise<InitProducerIdResponseData> answer) {
        InitProducerIdResponseData data = get(answer);
        assertThat(Errors.forCode(data.errorCode())).isEqualTo(Errors.NONE);
        return new Known(data.producerId(), data.producerEpoch());
    }

    static Errors error(Promise<InitProducerIdResponseData> answer) {
        return Errors.forCode(get(answer).errorCode());
    }

    static List<TopicPartition> named(String... partitions) {
        return Stream.of(partitions)
                .map(each -> {
                    int dash = each.lastIndexOf('-');
                    return new TopicPartition(each.substring(0, dash), Integer.parseInt(each.substring(dash + 1)));
                })
                .toList();
    }

    Promise<Errors> adding(Known producer, int version, String... partitions) {
        TransactionClaim claim = new TransactionClaim(ID, producer.id(), producer.epoch(), named(partitions), version);
        return ask(claim, TransactionCoordinator::addPartitions);
    }

    Errors add(Known producer, int version, String... added) {
        return get(adding(producer, version, added));
    }

    Map<TopicPartition, Errors> verify(Known producer, String... claimed) {
        TransactionClaim claim = new TransactionClaim(ID, producer.id(), producer.epoch(), named(claimed), 0);
        return get(ask(claim, TransactionCoordinator::verifyPartitions));
    }

    Promise<EndTxnResponseData> ending(Known producer, boolean commit, int version) {
        EndTransaction request = new EndTransaction(ID, producer.id(), producer.epoch(), commit, version);
        return ask(request, TransactionCoordinator::end);
    }

    Errors end(Known producer, boolean commit, int version) {
        return Errors.forCode(get(ending(producer, commit, version)).errorCode());
    }

    /** Ends a transaction in version 2, and gives the producer to go on with. */
    Known ended(Known producer, boolean commit) {
        EndTxnResponseData answer = get(ending(producer, commit, 2));
        assertThat(Errors.forCode(answer.errorCode())).isEqualTo(Errors.NONE);
        return new Known(answer.producerId(), answer.producerEpoch());
    }

    /** A producer in version 2 with an open transaction in the given partitions. */
    Known open(String... added) {
        Known producer = init();
        assertThat(add(producer, 2, added)).isEqualTo(Errors.NONE);
        return producer;
    }

    DescribeTransactionsResponseData.TransactionState describe() {
        return get(ask(ID, TransactionCoordinator::describe));
    }

    /** The state, as "Ongoing 100/0". */
    String state() {
        DescribeTransactionsResponseData.TransactionState described = describe();
        return Errors.forCode(described.errorCode()) == Errors.NONE
                ? described.transactionState() + " " + described.producerId() + "/" + described.producerEpoch()
                : Errors.forCode(described.errorCode()).name();
    }

    ListTransactionsResponseData list(ListTransactionsRequestData filters) {
        return get(ask(filters, TransactionCoordinator::list));
    }
}
