package io.millrace.log.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.log.metadata.ScramAlteration.Altered;
import io.millrace.log.metadata.ScramAlteration.Change;
import io.millrace.log.metadata.ScramAlteration.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.junit.jupiter.api.Test;

class ScramAlterationTest {

    private static final byte SHA_256 = 1;
    private static final byte SHA_512 = 2;
    private static final byte[] SALT = "salt1234".getBytes(StandardCharsets.UTF_8);
    private static final byte[] SALTED = new byte[32];

    private ClusterImage image = ClusterImage.empty();

    private static Change set(String user, int mechanism, int iterations) {
        return new Change(user, (byte) mechanism, new Secret(iterations, SALT, SALTED));
    }

    private static Change remove(String user, byte mechanism) {
        return new Change(user, mechanism, null);
    }

    private List<Errors> alter(Change... changes) {
        Decision<List<Altered>> decision = ScramAlteration.decide(image, List.of(changes));
        image = image.apply(decision.records());
        return decision.answer().stream().map(Altered::error).toList();
    }

    @Test
    void keepsWhatChecksAPasswordAndNotThePassword() throws Exception {
        assertThat(alter(set("bob", SHA_256, 4096))).containsExactly(Errors.NONE);

        ScramSecret kept = image.settings().scram().get(new ScramLogin("bob", ScramMechanism.SCRAM_SHA_256));
        ScramFormatter formatter =
                new ScramFormatter(org.apache.kafka.common.security.scram.internals.ScramMechanism.SCRAM_SHA_256);
        byte[] storedKey = formatter.storedKey(formatter.clientKey(SALTED));
        assertThat(kept)
                .isEqualTo(new ScramSecret(base64(SALT), base64(storedKey), base64(formatter.serverKey(SALTED)), 4096));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Test
    void aSecretIsNotShown() {
        assertThat(alter(set("bob", SHA_256, 4096))).containsExactly(Errors.NONE);

        assertThat(image.snapshot().toString()).doesNotContain(base64(SALT));
    }

    @Test
    void removesOneMechanismAndKeepsTheOther() {
        assertThat(alter(set("bob", SHA_256, 4096), set("bob", SHA_512, 8192))).containsExactly(Errors.NONE);
        assertThat(alter(remove("bob", SHA_256))).containsExactly(Errors.NONE);

        assertThat(image.settings().scram().keySet())
                .containsExactly(new ScramLogin("bob", ScramMechanism.SCRAM_SHA_512));
    }

    @Test
    void refusesWithTheErrorsOfKafka() {
        assertThat(alter(remove("bob", SHA_256))).containsExactly(Errors.RESOURCE_NOT_FOUND);
        assertThat(alter(set("bob", SHA_256, 4095))).containsExactly(Errors.UNACCEPTABLE_CREDENTIAL);
        assertThat(alter(set("bob", SHA_256, 16_385))).containsExactly(Errors.UNACCEPTABLE_CREDENTIAL);
        assertThat(alter(set("", SHA_256, 4096))).containsExactly(Errors.UNACCEPTABLE_CREDENTIAL);
        assertThat(alter(set("bob", 7, 4096))).containsExactly(Errors.UNSUPPORTED_SASL_MECHANISM);
        assertThat(alter(set("bob", SHA_256, 4096), set("bob", SHA_256, 5000)))
                .containsExactly(Errors.DUPLICATE_RESOURCE);
        assertThat(image.settings().scram()).isEmpty();
    }

    @Test
    void oneUserIsRefusedAndTheOthersAreNot() {
        assertThat(alter(set("ann", SHA_256, 1), set("bob", SHA_256, 4096)))
                .containsExactly(Errors.UNACCEPTABLE_CREDENTIAL, Errors.NONE);
    }

    @Test
    void survivesASnapshot() {
        assertThat(alter(set("bob", SHA_256, 4096), set("cid", SHA_512, 4096)))
                .isEqualTo(Arrays.asList(Errors.NONE, Errors.NONE));

        List<MetadataRecord> read = MetadataCodec.decode(MetadataCodec.encode(image.snapshot()));

        assertThat(ClusterImage.empty().apply(read).settings().scram())
                .isEqualTo(image.settings().scram());
    }
}
