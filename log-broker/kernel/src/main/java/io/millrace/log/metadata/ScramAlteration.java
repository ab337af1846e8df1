package io.millrace.log.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Decides on changes to SCRAM credentials (KIP-554), for each user by itself: all of them or none. */
public final class ScramAlteration {

    private static final int ITERATIONS_MIN = 4096;
    private static final int ITERATIONS_MAX = 16_384;

    /** A credential to be set. The arrays are handed over. */
    @SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
    public record Secret(int iterations, byte[] salt, byte[] saltedPassword) {}

    /**
     * One change.
     *
     * @param mechanism by number, whether it is known or not
     * @param secret null to remove what there is
     */
    public record Change(
            String user, byte mechanism, @Nullable Secret secret) {}

    /** What became of the changes of one user. */
    public record Altered(
            String user, Errors error, @Nullable String message) {}

    private ScramAlteration() {}

    public static Decision<List<Altered>> decide(ClusterImage image, List<Change> changes) {
        List<MetadataRecord> records = new ArrayList<>();
        List<Altered> results = new ArrayList<>();
        SortedMap<String, List<Change>> byUser = new TreeMap<>();
        changes.forEach(change -> byUser.computeIfAbsent(change.user(), ignored -> new ArrayList<>())
                .add(change));
        byUser.forEach((user, ofUser) -> {
            Altered refusal = refusal(image, user, ofUser);
            results.add(refusal == null ? new Altered(user, Errors.NONE, null) : refusal);
            if (refusal == null) {
                ofUser.forEach(change -> records.add(record(change)));
            }
        });
        return new Decision<>(records, results);
    }

    private static @Nullable Altered refusal(ClusterImage image, String user, List<Change> changes) {
        TreeSet<Byte> seen = new TreeSet<>();
        for (Change change : changes) {
            Altered refusal = seen.add(change.mechanism())
                    ? refusal(image, change)
                    : new Altered(
                            user,
                            Errors.DUPLICATE_RESOURCE,
                            "A user credential cannot be altered twice in the same request");
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    private static @Nullable Altered refusal(ClusterImage image, Change change) {
        String user = change.user();
        ScramMechanism mechanism = ScramMechanism.fromType(change.mechanism());
        Secret secret = change.secret();
        if (user.isEmpty()) {
            return unacceptable(user, "Username must not be empty");
        }
        if (mechanism == ScramMechanism.UNKNOWN) {
            return new Altered(user, Errors.UNSUPPORTED_SASL_MECHANISM, "Unknown SCRAM mechanism");
        }
        if (secret == null) {
            return image.settings().scram().containsKey(new ScramLogin(user, mechanism))
                    ? null
                    : new Altered(
                            user, Errors.RESOURCE_NOT_FOUND, "Attempt to delete a user credential that does not exist");
        }
        if (secret.iterations() < ITERATIONS_MIN) {
            return unacceptable(user, "Too few iterations: at least " + ITERATIONS_MIN);
        }
        if (secret.iterations() > ITERATIONS_MAX) {
            return unacceptable(user, "Too many iterations: at most " + ITERATIONS_MAX);
        }
        return secret.saltedPassword().length == 0 ? unacceptable(user, "The salted password is empty") : null;
    }

    private static Altered unacceptable(String user, String message) {
        return new Altered(user, Errors.UNACCEPTABLE_CREDENTIAL, message);
    }

    private static MetadataRecord record(Change change) {
        ScramMechanism mechanism = ScramMechanism.fromType(change.mechanism());
        Secret secret = change.secret();
        return new MetadataRecord.ScramSecretSet(
                new ScramLogin(change.user(), mechanism),
                secret == null
                        ? null
                        : ScramSecret.of(mechanism, secret.salt(), secret.saltedPassword(), secret.iterations()));
    }
}
