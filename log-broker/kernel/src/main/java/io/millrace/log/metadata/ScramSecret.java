package io.millrace.log.metadata;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.admin.ScramMechanism;

/**
 * What a server keeps of a password (RFC 5802): enough to check it, not enough to log in with. The keys are in base 64.
 * Never shown: {@link #toString} says only that there is one.
 */
public record ScramSecret(String salt, String storedKey, String serverKey, int iterations) {

    /** Derives what is kept from the salted password. */
    public static ScramSecret of(ScramMechanism mechanism, byte[] salt, byte[] saltedPassword, int iterations) {
        String hash = mechanism == ScramMechanism.SCRAM_SHA_512 ? "512" : "256";
        try {
            Mac mac = Mac.getInstance("HmacSHA" + hash);
            mac.init(new SecretKeySpec(saltedPassword, mac.getAlgorithm()));
            byte[] clientKey = mac.doFinal("Client Key".getBytes(StandardCharsets.UTF_8));
            byte[] serverKey = mac.doFinal("Server Key".getBytes(StandardCharsets.UTF_8));
            byte[] storedKey = MessageDigest.getInstance("SHA-" + hash).digest(clientKey);
            return new ScramSecret(base64(salt), base64(storedKey), base64(serverKey), iterations);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-" + hash, e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "ScramSecret[hidden]";
    }
}
