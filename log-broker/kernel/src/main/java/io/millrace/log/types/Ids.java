package io.millrace.log.types;

import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;

/** Makes ids from the node's one source of chance. */
public final class Ids {

    private static final long VERSION_MASK = 0xF000L;
    private static final long VERSION_4 = 0x4000L;
    private static final long VARIANT_MASK = 0xC000_0000_0000_0000L;
    private static final long VARIANT_RFC = 0x8000_0000_0000_0000L;

    private Ids() {}

    /** A random (version 4) UUID, none of which Kafka reserves. Its text never begins like a command line option. */
    public static Uuid random(RandomGenerator random) {
        Uuid id = draw(random);
        while (id.toString().startsWith("-")) {
            id = draw(random);
        }
        return id;
    }

    private static Uuid draw(RandomGenerator random) {
        long high = (random.nextLong() & ~VERSION_MASK) | VERSION_4;
        long low = (random.nextLong() & ~VARIANT_MASK) | VARIANT_RFC;
        return new Uuid(high, low);
    }
}
