package io.millrace.connect.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;

/**
 * What a plugin does wrong, and in which of its methods: {@code throw.in} names the one that throws, {@code block.in}
 * the one that never returns and is deaf to interrupts. Once the file {@code throw.until} exists nothing throws.
 */
final class Misbehaviour {

    private static final String THROW_IN = "throw.in";
    private static final String THROW_WHAT = "throw.what";
    private static final String THROW_UNTIL = "throw.until";
    private static final String BLOCK_IN = "block.in";

    private final String throwIn;
    private final Kind kind;
    private final String throwUntil;
    private final String blockIn;

    /** What is thrown. */
    private enum Kind {
        FAILURE,
        RETRIABLE,
        CONFIG,
        ERROR;

        static String[] names() {
            return new String[] {"failure", "retriable", "config", "error"};
        }
    }

    Misbehaviour(AbstractConfig config) {
        this.throwIn = config.getString(THROW_IN);
        this.kind = Kind.valueOf(config.getString(THROW_WHAT).toUpperCase(Locale.ROOT));
        this.throwUntil = config.getString(THROW_UNTIL);
        this.blockIn = config.getString(BLOCK_IN);
    }

    static ConfigDef define(ConfigDef keys, String... methods) {
        String[] all = new String[methods.length + 1];
        all[0] = "nothing";
        System.arraycopy(methods, 0, all, 1, methods.length);
        return keys.define(
                        THROW_IN,
                        ConfigDef.Type.STRING,
                        "nothing",
                        ValidString.in(all),
                        Importance.LOW,
                        "the method that throws")
                .define(
                        THROW_WHAT,
                        ConfigDef.Type.STRING,
                        "failure",
                        ValidString.in(Kind.names()),
                        Importance.LOW,
                        "what it throws")
                .define(THROW_UNTIL, ConfigDef.Type.STRING, "", Importance.LOW, "a file; once it exists nothing throws")
                .define(
                        BLOCK_IN,
                        ConfigDef.Type.STRING,
                        "nothing",
                        ValidString.in(all),
                        Importance.LOW,
                        "the method that never returns");
    }

    /** Called first in every method that may misbehave. */
    void in(String method) {
        if (method.equals(blockIn)) {
            blockForEver();
        }
        boolean mended = !throwUntil.isEmpty() && Files.exists(Path.of(throwUntil));
        if (method.equals(throwIn) && !mended) {
            raise();
        }
    }

    private void raise() {
        switch (kind) {
            case FAILURE -> throw new ConnectException("the target is down", new IOException("no route to host"));
            case RETRIABLE -> throw new RetriableException("busy, come back later");
            case CONFIG -> throw new ConfigException("the table does not exist, create it");
            case ERROR -> throw new NoClassDefFoundError("a.driver.that.is.Missing");
        }
    }

    private static void blockForEver() {
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            try {
                never.await();
            } catch (InterruptedException e) {
                // Deaf on purpose.
            }
        }
    }
}
