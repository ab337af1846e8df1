package io.millrace.bench.broker;

import io.millrace.bench.report.Mark;
import java.util.List;

/** Something that is measured once in each round, for each side. */
public sealed interface Scenario permits Load, Launch {

    String name();

    /** What is done, in one line. */
    String what();

    /** What we want to reach. */
    List<Mark> marks();
}
