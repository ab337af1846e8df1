package io.millrace.log.transaction;

import java.util.OptionalLong;

/** Producer ids, of which none is ever given twice in a cluster. */
@FunctionalInterface
public interface ProducerIdSource {

    /** A new id; empty if there is none at hand, in which case more will come soon. */
    OptionalLong next();
}
