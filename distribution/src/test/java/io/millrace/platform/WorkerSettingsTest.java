package io.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.log.server.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file adds keys to the connect runtime's config, but for those that options set. */
class WorkerSettingsTest {

    @TempDir
    private Path directory;

    private PlatformConfig with(Path file) {
        HostPort any = HostPort.parse("127.0.0.1:0");
        return new PlatformConfig(
                directory,
                any,
                Optional.empty(),
                HostPort.parse("127.0.0.1:4711"),
                Set.of(PlatformConfig.Role.values()),
                new PlatformConfig.Connect(Optional.empty(), List.of(), Optional.of(file)));
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("worker.properties"), text);
    }

    @Test
    void takesKeysOfTheFile() throws IOException {
        PlatformConfig config = with(file("connector.client.config.override.policy=None\nconfig.providers=env\n"));

        assertThat(WorkerSettings.of(config, directory, "127.0.0.1:9092")
                        .listener()
                        .getPort())
                .isEqualTo(4711);
    }

    @Test
    void namesWhatIsWrongInTheFile() throws IOException {
        PlatformConfig unknown = with(file("config.provider=env\n"));
        assertThatThrownBy(() -> WorkerSettings.of(unknown, directory, ""))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("worker.properties")
                .hasMessageContaining("did you mean \"config.providers\"?");

        PlatformConfig anOptions = with(file("listeners=http://127.0.0.1:1\n"));
        assertThatThrownBy(() -> WorkerSettings.of(anOptions, directory, ""))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("--rest-listen");

        PlatformConfig nowhere = with(directory.resolve("nowhere"));
        assertThatThrownBy(() -> WorkerSettings.of(nowhere, directory, ""))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nowhere");
    }
}
