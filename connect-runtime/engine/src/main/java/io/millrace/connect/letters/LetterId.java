package io.millrace.connect.letters;

import io.millrace.connect.cluster.RequestRefused;
import io.millrace.connect.cluster.RequestRefused.Reason;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names a letter within its topic, as in {@code 0-17}.
 *
 * @param partition of the dead letter topic
 * @param offset there
 */
public record LetterId(int partition, long offset) implements Comparable<LetterId> {

    /** Before every letter. */
    public static final LetterId FIRST = new LetterId(0, 0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})-(\\d{1,18})");
    private static final Comparator<LetterId> ORDER =
            Comparator.comparingInt(LetterId::partition).thenComparingLong(LetterId::offset);

    /**
     * @throws RequestRefused when it is none
     */
    public static LetterId parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new RequestRefused(
                    Reason.INVALID,
                    "\"%s\" names no letter: partition and offset are wanted, as in \"0-17\"".formatted(text));
        }
        return new LetterId(Integer.parseInt(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    @Override
    public int compareTo(LetterId other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return partition + "-" + offset;
    }
}
