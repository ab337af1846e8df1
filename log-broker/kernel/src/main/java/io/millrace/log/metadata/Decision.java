package io.millrace.log.metadata;

import java.util.List;

/**
 * What the controller makes of a request: the change, and the answer that is true once the change is committed.
 *
 * @param records empty if nothing changes
 */
public record Decision<A>(List<MetadataRecord> records, A answer) {

    public Decision {
        records = List.copyOf(records);
    }

    public static <A> Decision<A> unchanged(A answer) {
        return new Decision<>(List.of(), answer);
    }
}
