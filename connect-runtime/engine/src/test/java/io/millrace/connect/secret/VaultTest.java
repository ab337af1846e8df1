package io.millrace.connect.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VaultTest {

    @TempDir
    private Path directory;

    private Path file;
    private Vault vault;

    @BeforeEach
    void open() {
        file = directory.resolve("keys");
        vault = new Vault(Keyring.open(file));
    }

    @Test
    void opensWhatItSealedAlsoAfterTheFileIsReadAgain() {
        String sealed = vault.seal("c", "s3cret ü");

        assertThat(Vault.isSealed(sealed)).isTrue();
        assertThat(vault.seal("c", "s3cret ü")).isNotEqualTo(sealed);
        assertThat(new Vault(Keyring.open(file)).open("c", "key", sealed)).isEqualTo("s3cret ü");
    }

    @Test
    void doesNotOpenForAnotherConnectorNorAfterAChange() {
        String sealed = vault.seal("c", "s3cret");
        char last = sealed.charAt(sealed.length() - 1);
        String changed = sealed.substring(0, sealed.length() - 2) + (last == 'A' ? "BB" : "AA");

        assertThatThrownBy(() -> vault.open("d", "key", sealed))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("another connector");
        assertThatThrownBy(() -> vault.open("c", "key", changed))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("damaged");
        assertThatThrownBy(() -> vault.open("c", "key", sealed.substring(0, 24)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void refusesAFileThatHoldsSomethingElse() throws IOException {
        Files.writeString(file, "# a comment\nnot a key\n");
        assertThatThrownBy(() -> Keyring.open(file)).hasMessageContaining("line 2");

        Files.writeString(file, "# nothing\n");
        assertThatThrownBy(() -> Keyring.open(file)).hasMessageContaining("holds no key");
    }
}
