package io.millrace.log.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.record.BatchHeader;
import io.millrace.log.record.TransactionMarker;
import io.millrace.log.storage.AppendOutcome;
import io.millrace.log.storage.AppendOutcome.Appended;
import io.millrace.log.storage.AppendOutcome.Duplicate;
import io.millrace.log.storage.AppendOutcome.Rejected;
import io.millrace.log.storage.LogConfig;
import io.millrace.log.storage.ReadOutcome;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;

class TransactionMarkerTest {

    private static final long NONE = AppendOutcome.NO_TIMESTAMP;
    private static final long PRODUCER = 77;

    private final LogFixture fixture = new LogFixture(1, LogConfig.DEFAULTS);

    @Test
    void aMarkerIsAControlBatchOfItsProducerWithOneRecord() {
        fixture.append("a");
        assertThat(end(3, false, 9, 1)).isEqualTo(new Appended(1, 1, NONE));
        ReadOutcome.Records found = (ReadOutcome.Records) fixture.log.read(1, 1000, 2, true);
        ByteBuffer bytes = ByteBuffer.allocate(found.region().size());
        found.region().read(bytes, 0);
        found.region().release();
        MutableRecordBatch batch =
                MemoryRecords.readableRecords(bytes.flip()).batches().iterator().next();
        batch.ensureValid();
        assertThat(batch.isControlBatch()).isTrue();
        assertThat(batch.isTransactional()).isTrue();
        assertThat(batch.producerId()).isEqualTo(PRODUCER);
        assertThat(batch.producerEpoch()).isEqualTo((short) 3);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(LogFixture.EPOCH);
        Record marker = batch.iterator().next();
        assertThat(ControlRecordType.parse(marker.key())).isEqualTo(ControlRecordType.ABORT);
        assertThat(EndTransactionMarker.deserialize(marker).coordinatorEpoch()).isEqualTo(9);
        assertThat(BatchHeader.lastOffset(bytes, 0)).isEqualTo(1);
    }

    @Test
    void aMarkerOfAnOlderProducerEpochIsRefused() {
        send(4, 0);
        assertRejected(end(3, true, 9, 1), Errors.INVALID_PRODUCER_EPOCH);
        assertThat(end(4, true, 9, 1)).isInstanceOf(Appended.class);
    }

    @Test
    void aMarkerOfAnOlderCoordinatorIsRefused() {
        send(4, 0);
        assertThat(end(4, true, 9, 1)).isInstanceOf(Appended.class);
        assertRejected(end(4, true, 8, 1), Errors.TRANSACTION_COORDINATOR_FENCED);
        assertThat(end(4, true, 9, 1)).isInstanceOf(Appended.class);
        assertThat(end(4, true, 10, 1)).isInstanceOf(Appended.class);
    }

    @Test
    void aMarkerThatRaisesTheEpochAndIsSentAgainIsThereOnce() {
        send(4, 0);
        assertThat(end(5, true, 9, 2)).isEqualTo(new Appended(1, 1, NONE));
        assertThat(end(5, true, 9, 2)).isEqualTo(new Duplicate(1, 1, NONE));
        assertRejected(send(4, 1), Errors.INVALID_PRODUCER_EPOCH);
        assertRejected(send(5, 1), Errors.OUT_OF_ORDER_SEQUENCE_NUMBER);
        assertThat(send(5, 0)).isEqualTo(new Appended(2, 2, NONE));
    }

    @Test
    void aMarkerUnderTheSameEpochContinuesTheSequence() {
        send(4, 0);
        end(4, true, 9, 1);
        assertThat(send(4, 1)).isEqualTo(new Appended(2, 2, NONE));
    }

    private AppendOutcome send(int epoch, int sequence) {
        return fixture.append(Batches.idempotent(PRODUCER, epoch, sequence, "v"));
    }

    private AppendOutcome end(int epoch, boolean committed, int coordinatorEpoch, int version) {
        TransactionMarker marker = new TransactionMarker(PRODUCER, (short) epoch, committed, coordinatorEpoch, version);
        return fixture.log.endTransaction(marker, LogFixture.EPOCH, fixture.nowMillis);
    }

    private static void assertRejected(AppendOutcome outcome, Errors error) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
