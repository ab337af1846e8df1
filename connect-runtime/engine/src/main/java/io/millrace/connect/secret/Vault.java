package io.millrace.connect.secret;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.apache.kafka.common.config.ConfigException;

/**
 * Seals and opens texts with AES-256-GCM (NIST SP 800-38D), as the Java platform has it. A sealed text is
 *
 * <pre>
 * sealed:1:KEY:DATA    KEY names the key; DATA is nonce (12 bytes), ciphertext and tag (16 bytes) in Base64, URL-safe
 * </pre>
 *
 * and is bound to the connector that it was sealed for: moved to the config of another it does not open.
 *
 * <p><b>Threads.</b> Any.
 */
public final class Vault {

    private static final Pattern SEALED = Pattern.compile("sealed:1:([0-9a-f]{8}):([A-Za-z0-9_-]+)");
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Keyring keys;
    private final SecureRandom random = new SecureRandom();

    public Vault(Keyring keys) {
        this.keys = keys;
    }

    /** Whether a text has the form of a sealed one. */
    public static boolean isSealed(String text) {
        return SEALED.matcher(text).matches();
    }

    /** Whether a sealed text is sealed with the key that seals now. */
    public boolean isCurrent(String sealed) {
        Matcher parts = SEALED.matcher(sealed);
        return parts.matches() && parts.group(1).equals(keys.newest());
    }

    /** Seals a text for a connector. The same text never looks the same twice. */
    public String seal(String connector, String clear) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        SecretKey key = keys.find(keys.newest()).orElseThrow();
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, connector);
            byte[] ciphertext = cipher.doFinal(clear.getBytes(StandardCharsets.UTF_8));
            byte[] data = Arrays.copyOf(nonce, NONCE_BYTES + ciphertext.length);
            System.arraycopy(ciphertext, 0, data, NONCE_BYTES, ciphertext.length);
            String text = Base64.getUrlEncoder().withoutPadding().encodeToString(data);
            return "sealed:1:" + keys.newest() + ":" + text;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a value cannot be sealed: " + e.getMessage(), e);
        }
    }

    /**
     * Opens what was sealed for a connector.
     *
     * @param what names the value in the message
     * @throws ConfigException when the key is not there, or the text was not sealed with it for this connector
     */
    public String open(String connector, String what, String sealed) {
        Matcher parts = SEALED.matcher(sealed);
        if (!parts.matches()) {
            throw new ConfigException("the value of \"" + what + "\" is not sealed");
        }
        String name = parts.group(1);
        SecretKey key = keys.find(name).orElseThrow(() -> unreadable(connector, what, missing(name)));
        try {
            byte[] data = Base64.getUrlDecoder().decode(parts.group(2));
            byte[] nonce = Arrays.copyOf(data, NONCE_BYTES);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, key, nonce, connector);
            byte[] clear = cipher.doFinal(data, NONCE_BYTES, Math.max(0, data.length - NONCE_BYTES));
            return new String(clear, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unreadable(
                    connector, what, "it is damaged, or was sealed for another connector than " + connector, e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, String connector)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(connector.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private String missing(String name) {
        return ("it is sealed with key %s, which the key file %s does not hold. Put that key back into the file and "
                        + "restart the worker")
                .formatted(name, keys.file());
    }

    private static ConfigException unreadable(String connector, String what, String why) {
        return new ConfigException(
                "The secret \"%s\" cannot be read: %s, or give the value anew by 'PUT /connectors/%s/config'"
                        .formatted(what, why, connector));
    }

    private static ConfigException unreadable(String connector, String what, String why, Exception cause) {
        ConfigException failure = unreadable(connector, what, why);
        failure.initCause(cause);
        return failure;
    }
}
