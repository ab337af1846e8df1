package io.millrace.log.server.metadata;

import io.millrace.log.metadata.ClusterImage;
import io.millrace.log.server.metadata.MetadataEntryCodec.Entry;
import io.millrace.log.server.metadata.MetadataLog.Listener;
import io.millrace.log.server.metadata.MetadataLog.Origin;
import io.millrace.log.server.metadata.MetadataSnapshotStore.Snapshot;
import java.io.File;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.MD5FileUtil;
import org.jspecify.annotations.Nullable;

/**
 * Hands committed entries to the listener, and keeps the image they make for the sake of snapshots.
 *
 * <p>Ratis calls {@link #applyTransaction} and {@link #takeSnapshot} from one thread. An entry that cannot be
 * understood ends the log: to skip it would let this broker see other metadata than the rest.
 */
final class MetadataStateMachine extends BaseStateMachine {

    private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
    private final CompletableFuture<Void> leaderReady = new CompletableFuture<>();
    private final Listener listener;
    private final long run;
    private ClusterImage image = ClusterImage.empty();
    private long index = -1;
    private volatile boolean failed;
    private volatile boolean closing;

    /** @param run marks the entries of this run of the process, see {@link MetadataEntryCodec} */
    MetadataStateMachine(Listener listener, long run) {
        this.listener = listener;
        this.run = run;
    }

    /** Completes when this peer leads and has applied all that was committed before. */
    CompletableFuture<Void> leaderReady() {
        return leaderReady;
    }

    @Override
    public void initialize(RaftServer server, RaftGroupId group, RaftStorage raftStorage) throws IOException {
        super.initialize(server, group, raftStorage);
        storage.init(raftStorage);
        load(storage.getLatestSnapshot());
    }

    @Override
    public void reinitialize() throws IOException {
        load(storage.loadLatestSnapshot());
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return storage;
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto raftEntry = transaction.getLogEntry();
        if (failed) {
            return CompletableFuture.failedFuture(new IllegalStateException("the metadata log has failed"));
        }
        try {
            apply(MetadataEntryCodec.decode(
                    raftEntry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer()));
        } catch (IllegalArgumentException e) {
            fail(new IOException("Entry " + raftEntry.getIndex() + " of the metadata log: " + e.getMessage(), e));
            return CompletableFuture.failedFuture(e);
        }
        updateLastAppliedTermIndex(raftEntry.getTerm(), raftEntry.getIndex());
        return CompletableFuture.completedFuture(Message.EMPTY);
    }

    @Override
    public long takeSnapshot() throws IOException {
        TermIndex applied = getLastAppliedTermIndex();
        if (failed || applied.getIndex() < 0) {
            return RaftLog.INVALID_LOG_INDEX;
        }
        File file = storage.getSnapshotFile(applied.getTerm(), applied.getIndex());
        MetadataSnapshotStore.write(file.toPath(), new Snapshot(index, image.snapshot()));
        MD5Hash digest = MD5FileUtil.computeAndSaveMd5ForFile(file);
        storage.updateLatestSnapshot(new SingleFileSnapshotInfo(new FileInfo(file.toPath(), digest), applied));
        return applied.getIndex();
    }

    @Override
    public void notifyLeaderReady() {
        leaderReady.complete(null);
    }

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        fail(cause);
    }

    /** Ratis has closed the peer: at our wish, or because it could not go on. */
    @Override
    public void notifyServerShutdown(RoleInfoProto role, boolean allGroups) {
        if (!closing) {
            fail(new IOException("the metadata log has shut itself down"));
        }
    }

    /** The owner is about to close the peer. */
    void closing() {
        closing = true;
    }

    private void load(@Nullable SingleFileSnapshotInfo info) throws IOException {
        if (info == null) {
            return;
        }
        Snapshot snapshot = MetadataSnapshotStore.read(info.getFile().getPath());
        image = ClusterImage.empty().apply(snapshot.records());
        index = snapshot.index();
        setLastAppliedTermIndex(info.getTermIndex());
        listener.committed(index, null, snapshot.records());
    }

    private void apply(Entry entry) {
        image = image.apply(entry.records());
        index++;
        Origin origin = entry.run() == run ? entry.origin() : null;
        listener.committed(index, origin, entry.records());
    }

    private synchronized void fail(Throwable cause) {
        if (!failed) {
            failed = true;
            leaderReady.completeExceptionally(cause);
            listener.failed(cause);
        }
    }
}
