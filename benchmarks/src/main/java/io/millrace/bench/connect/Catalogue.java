package io.millrace.bench.connect;

import io.millrace.bench.report.Mark;
import io.millrace.bench.report.Measure;
import io.millrace.bench.run.Scenario;
import java.util.List;

/** Every scenario, in the order in which they run. */
public final class Catalogue {

    private static final List<Mark> START = List.of(new Mark(Measure.REST, 0.2), new Mark(Measure.RESIDENT, 0.5));
    private static final List<Mark> WITH_SCHEMAS = List.of(new Mark(Measure.SOURCE, 2), new Mark(Measure.SINK, 3));
    private static final List<Mark> WITHOUT = List.of(new Mark(Measure.SOURCE, 2), new Mark(Measure.SINK, 1.5));

    private static final List<Scenario> ALL = List.of(
            new Start("start", true, START),
            new Start("start-new-plugins", false, List.of()),
            new Flow("schemas", Content.JSON_WITH_SCHEMAS, false, 400_000, WITH_SCHEMAS),
            new Flow("schemas-transforms", Content.JSON_WITH_SCHEMAS, true, 400_000, WITH_SCHEMAS),
            new Flow("json", Content.JSON, false, 800_000, WITHOUT),
            new Flow("json-transforms", Content.JSON, true, 800_000, WITHOUT),
            new Flow("bytes", Content.BYTES, false, 2_000_000, WITHOUT),
            new Flow("bytes-transforms", Content.BYTES, true, 2_000_000, WITHOUT),
            new Peak("memory"));

    private Catalogue() {}

    public static List<Scenario> all() {
        return ALL;
    }

    /** The scenarios whose names begin with one of these; all if none is given. */
    public static List<Scenario> beginning(List<String> beginnings) {
        return Scenario.beginning(ALL, beginnings);
    }
}
