package io.millrace.connect.cluster;

import io.millrace.connect.cluster.OffsetService.Position;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.plugin.Secrets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * Shows the versions of connectors' configs, and goes back to one.
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Errors.</b> {@link RequestRefused}.
 */
public final class VersionService {

    private final ConnectorService connectors;
    private final OffsetService offsets;
    private final Reconciler reconciler;
    private final ConfigHistory history;
    private final Secrets secrets;
    private final SerialCalls calls;

    VersionService(ConnectorService connectors, OffsetService offsets, Reconciler reconciler, SerialCalls calls) {
        this.connectors = connectors;
        this.offsets = offsets;
        this.reconciler = reconciler;
        this.history = reconciler.configs().history();
        this.secrets = reconciler.environment().settings().secrets();
        this.calls = calls;
    }

    /** The versions of a connector's config that are kept, the newest first, secrets masked. */
    public List<ConfigVersion> list(String name) {
        var _ = connectors.required(name);
        return history.of(name).stream().map(this::masked).toList();
    }

    /** One version, secrets masked. */
    public ConfigVersion get(String name, int number) {
        return masked(required(name, number));
    }

    private ConfigVersion masked(ConfigVersion version) {
        return version.with(secrets.masked(version.config()));
    }

    private ConfigVersion required(String name, int number) {
        var _ = connectors.required(name);
        return history.get(name, number)
                .orElseThrow(() -> RequestRefused.notFound(
                        ("Connector %s has no version %d of its config, or none that is kept: see "
                                        + "'GET /v1/connectors/%s/versions'")
                                .formatted(name, number, name)));
    }

    /**
     * Gives a connector the config of an earlier version, which becomes its newest.
     *
     * @param withOffsets whether it goes on from where that version was replaced. Its tasks end first
     */
    public ConnectorService.Stored rollBack(String name, int number, boolean withOffsets) {
        ConfigVersion version = required(name, number);
        ConfigVersion.Replaced replaced = version.replaced();
        if (!withOffsets) {
            return connectors.restore(name, version);
        }
        if (replaced == null) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "Version %d is the config of connector %s now: it has no offsets of its end"
                            .formatted(number, name));
        }
        return rollBackHeld(name, version, replaced.offsets());
    }

    private ConnectorService.Stored rollBackHeld(String name, ConfigVersion version, List<Position> positions) {
        // Whatever can be refused is refused while the tasks still run.
        connectors.refuseIfInvalid(version.config());
        CompletableFuture<Void> tasksEnded = calls.onClusterThread(() -> reconciler.hold(name))
                .orElseThrow(() -> new RequestRefused(
                        Reason.CONFLICT, "A replay or rollback of connector %s is under way".formatted(name)));
        try {
            calls.await("stop the tasks of connector " + name, tasksEnded);
            List<Position> moves = moves(offsets.get(name), positions);
            if (!moves.isEmpty()) {
                boolean _ = offsets.move(connectors.required(name).with(version.config()), moves);
            }
            return connectors.restore(name, version);
        } finally {
            reconciler.release(name);
        }
    }

    /** The wanted positions; those that are there now and were not there then are forgotten. */
    private static List<Position> moves(List<Position> now, List<Position> wanted) {
        Set<Map<String, ?>> kept = wanted.stream().map(Position::partition).collect(Collectors.toSet());
        List<Position> moves = new ArrayList<>(wanted);
        now.stream()
                .filter(position -> !kept.contains(position.partition()))
                .map(position -> new Position(position.partition(), null))
                .forEach(moves::add);
        return moves;
    }
}
