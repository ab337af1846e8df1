package io.millrace.log.transaction;

import io.millrace.log.coordinator.Decision;
import io.millrace.log.transaction.TransactionState.Completed;
import io.millrace.log.transaction.TransactionState.Empty;
import io.millrace.log.transaction.TransactionState.Ongoing;
import io.millrace.log.transaction.TransactionState.Prepared;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.protocol.Errors;

/** What DescribeTransactions 0 and ListTransactions 0 to 2 tell of the transactions of one coordinator. */
final class TransactionQueries {

    private static final long NO_TIME = -1;

    private final TransactionTable table;

    TransactionQueries(TransactionTable table) {
        this.table = table;
    }

    Decision describe(TransactionCall<String, DescribeTransactionsResponseData.TransactionState> call) {
        String transactionalId = call.request();
        TransactionState state = table.find(transactionalId);
        DescribeTransactionsResponseData.TransactionState described = state == null
                ? failed(transactionalId, Errors.TRANSACTIONAL_ID_NOT_FOUND)
                : described(transactionalId, state);
        return Decision.read(
                error -> call.answer().accept(error == Errors.NONE ? described : failed(transactionalId, error)));
    }

    private static DescribeTransactionsResponseData.TransactionState failed(String transactionalId, Errors error) {
        return new DescribeTransactionsResponseData.TransactionState()
                .setTransactionalId(transactionalId)
                .setErrorCode(error.code());
    }

    private static DescribeTransactionsResponseData.TransactionState described(
            String transactionalId, TransactionState state) {
        DescribeTransactionsResponseData.TransactionState described =
                new DescribeTransactionsResponseData.TransactionState()
                        .setTransactionalId(transactionalId)
                        .setTransactionState(Status.of(state).label())
                        .setTransactionTimeoutMs(state.producer().timeoutMs())
                        .setTransactionStartTimeMs(startedMs(state))
                        .setProducerId(state.producer().id())
                        .setProducerEpoch(state.producer().epoch());
        partitions(state)
                .byTopic()
                .forEach((topic, indexes) ->
                        described.topics().add(new TopicData().setTopic(topic).setPartitions(indexes)));
        return described;
    }

    private static TransactionPartitions partitions(TransactionState state) {
        return switch (state) {
            case Ongoing open -> open.partitions();
            case Prepared ending -> ending.partitions();
            case Empty _, Completed _ -> TransactionPartitions.NONE;
        };
    }

    private static long startedMs(TransactionState state) {
        return switch (state) {
            case Empty _ -> NO_TIME;
            case Ongoing open -> open.startedMs();
            case Prepared ending -> ending.startedMs();
            case Completed over -> over.startedMs();
        };
    }

    Decision list(TransactionCall<ListTransactionsRequestData, ListTransactionsResponseData> call) {
        ListTransactionsResponseData listed = listed(call.request(), call.nowMs());
        return Decision.read(error -> call.answer()
                .accept(error == Errors.NONE ? listed : new ListTransactionsResponseData().setErrorCode(error.code())));
    }

    private ListTransactionsResponseData listed(ListTransactionsRequestData request, long nowMs) {
        List<String> unknownStates = new ArrayList<>();
        Set<Status> states = statuses(request.stateFilters(), unknownStates);
        Set<Long> producerIds = new TreeSet<>(request.producerIdFilters());
        List<ListTransactionsResponseData.TransactionState> listed = new ArrayList<>();
        try {
            IdPattern pattern = IdPattern.of(request.transactionalIdPattern());
            table.each((transactionalId, state) -> {
                boolean wanted = (request.stateFilters().isEmpty() || states.contains(Status.of(state)))
                        && (producerIds.isEmpty()
                                || producerIds.contains(state.producer().id()))
                        && (request.durationFilter() < 0 || nowMs - startedMs(state) > request.durationFilter())
                        && pattern.matches(transactionalId);
                if (wanted) {
                    listed.add(new ListTransactionsResponseData.TransactionState()
                            .setTransactionalId(transactionalId)
                            .setProducerId(state.producer().id())
                            .setTransactionState(Status.of(state).label()));
                }
            });
        } catch (PatternSyntaxException invalid) {
            return new ListTransactionsResponseData().setErrorCode(Errors.INVALID_REGULAR_EXPRESSION.code());
        }
        return new ListTransactionsResponseData()
                .setUnknownStateFilters(unknownStates)
                .setTransactionStates(listed);
    }

    private static Set<Status> statuses(List<String> labels, List<String> unknown) {
        Set<Status> statuses = EnumSet.noneOf(Status.class);
        for (String label : labels) {
            Status status = Status.ofLabel(label);
            if (status == null) {
                unknown.add(label);
            } else {
                statuses.add(status);
            }
        }
        return statuses;
    }
}
