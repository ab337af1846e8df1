package io.millrace.connect.letters;

import io.millrace.connect.cluster.ConnectorService;
import io.millrace.connect.cluster.DesiredConnector;
import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import io.millrace.connect.log.LogClient;
import io.millrace.connect.log.StoredRecord;
import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.PluginFactory;
import io.millrace.connect.plugin.PluginType;
import io.millrace.connect.record.ConnectJson;
import io.millrace.connect.record.Converters;
import io.millrace.connect.sink.LetterHeaders;
import io.millrace.connect.task.RecordParts;
import io.millrace.connect.task.TaskEnvironment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells of the dead letters of sinks: those that this runtime wrote, and those that Kafka Connect did (KIP-298).
 *
 * <p><b>Threads.</b> Any.
 *
 * <p><b>Errors.</b> {@link RequestRefused}, with a message for whoever asked.
 */
public final class LetterService {

    private final TaskEnvironment environment;
    private final ConnectorService connectors;
    private final LogClient log;

    /**
     * Some letters, in the order of their topic.
     *
     * @param next the first that is not among them; null: there are no more
     */
    public record Page(
            String topic, List<Letter> letters, @Nullable LetterId next) {}

    /** A letter with its payload, as far as the connector's converters can read it. */
    public record Opened(Letter letter, LetterText text) {}

    public LetterService(TaskEnvironment environment, ConnectorService connectors) {
        this.environment = environment;
        this.connectors = connectors;
        this.log = environment.log();
    }

    LogClient log() {
        return log;
    }

    LetterBox box(String name) {
        DesiredConnector sink = connectors.sink(name, "only sinks have dead letters");
        return LetterBox.of(sink, environment.settings().secrets().revealed(name, sink.config()));
    }

    ConnectorSettings settings(LetterBox box) {
        return new ConnectorSettings(
                environment.plugins(),
                PluginType.SINK,
                box.config(),
                environment.settings().converters());
    }

    /**
     * Lists letters, without what is in them.
     *
     * @param from the first that is wanted
     * @param limit at most so many
     * @param onlyOpen only those that have not been replayed
     */
    public Page list(String name, LetterId from, int limit, boolean onlyOpen) {
        LetterBox box = box(name);
        ReplayMarks marks = ReplayMarks.read(log, box.replays(), box.group());
        List<Letter> found = new ArrayList<>();
        boolean all = scan(box).read(box.topic(), from, record -> {
            Letter letter = letter(box, marks, record);
            if (letter != null && (!onlyOpen || letter.state() == Letter.State.OPEN)) {
                found.add(letter);
            }
            return found.size() <= limit;
        });
        boolean more = !all && found.size() > limit;
        return new Page(
                box.topic(),
                List.copyOf(more ? found.subList(0, limit) : found),
                more ? found.getLast().id() : null);
    }

    LetterScan scan(LetterBox box) {
        return new LetterScan(log, "letters-" + box.connector());
    }

    /** Null where it is another connector's. */
    static @Nullable Letter letter(LetterBox box, ReplayMarks marks, StoredRecord record) {
        LetterHeaders told = LetterHeaders.of(record.payload().headers());
        return box.isOurs(told) ? new Letter(record, told, marks.stateOf(record)) : null;
    }

    /** Shows one letter with what is in it. */
    public Opened open(String name, LetterId id) {
        LetterBox box = box(name);
        ReplayMarks marks = ReplayMarks.read(log, box.replays(), box.group());
        List<Letter> found = new ArrayList<>();
        boolean _ = scan(box).read(box.topic(), id, record -> {
            Letter letter = letter(box, marks, record);
            if (letter != null && letter.id().equals(id)) {
                found.add(letter);
            }
            return false;
        });
        if (found.isEmpty()) {
            throw new RequestRefused(
                    Reason.NOT_FOUND, "Connector %s has no letter %s in topic %s".formatted(name, id, box.topic()));
        }
        return new Opened(found.getFirst(), text(box, found.getFirst()));
    }

    private LetterText text(LetterBox box, Letter letter) {
        RecordParts parts = new RecordParts(new PluginFactory(environment.plugins()), settings(box));
        var origin = box.origin(letter.record(), letter.told());
        try (Converters converters = parts.converters();
                ConnectJson json = new ConnectJson()) {
            return LetterText.of(letter.record(), origin == null ? box.topic() : origin.topic(), converters, json);
        }
    }
}
