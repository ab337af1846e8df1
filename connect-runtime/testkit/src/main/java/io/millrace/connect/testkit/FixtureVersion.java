package io.millrace.connect.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The version that these plugins give themselves: what a file of their jar says, else 1.2.3. */
final class FixtureVersion {

    private static final String FILE = "/META-INF/testkit-version";

    private FixtureVersion() {}

    static String read() {
        try (InputStream file = FixtureVersion.class.getResourceAsStream(FILE)) {
            return file == null ? "1.2.3" : new String(file.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
