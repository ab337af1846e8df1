package io.millrace.log.metadata;

import java.util.Comparator;
import org.apache.kafka.clients.admin.ScramMechanism;

/** What a SCRAM credential is for (KIP-554): a user, by one mechanism. */
public record ScramLogin(String user, ScramMechanism mechanism) implements Comparable<ScramLogin> {

    private static final Comparator<ScramLogin> ORDER =
            Comparator.comparing(ScramLogin::user).thenComparing(ScramLogin::mechanism);

    @Override
    public int compareTo(ScramLogin other) {
        return ORDER.compare(this, other);
    }
}
