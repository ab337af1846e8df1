package io.millrace.connect.secret;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that secrets are sealed with, in a file that only its owner may read. One key a line: 32 bytes in Base64;
 * {@code #} begins a comment. The last key seals; the others still open what they sealed. So a key is replaced by a
 * line that is added.
 *
 * <p>A key is named by the first eight hexadecimal digits of its SHA-256, so that another key never has its name.
 *
 * <p>Immutable; the file is read once.
 */
public final class Keyring {

    private static final Logger LOG = LoggerFactory.getLogger(Keyring.class);
    private static final int KEY_BYTES = 32;
    private static final String OWNER_ONLY = "rw-------";
    private static final String HEADING =
            "# Keys that Millrace seals the secrets of connectors with, the last one is in "
                    + "use.\n# Keep a copy in a safe place: without its key a secret cannot be read again.\n";

    private final Path file;
    private final Map<String, SecretKey> keys;
    private final String newest;

    private Keyring(Path file, Map<String, SecretKey> keys) {
        this.file = file;
        this.keys = Map.copyOf(keys);
        this.newest = List.copyOf(keys.keySet()).getLast();
    }

    /**
     * Reads the file, and makes it with a new key where there is none.
     *
     * @throws ConfigException when it cannot be made or read, or holds anything but keys
     */
    public static Keyring open(Path file) {
        try {
            if (Files.notExists(file)) {
                make(file);
            }
            warnOfOthers(file);
            return new Keyring(file, parsed(file));
        } catch (IOException e) {
            throw new ConfigException("the key file %s cannot be made or read: %s: %s"
                    .formatted(file, e.getClass().getSimpleName(), e.getMessage()));
        }
    }

    /** The file is there with its key, or not at all. */
    private static void make(Path file) throws IOException {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        String text = HEADING + Base64.getEncoder().encodeToString(key) + "\n";
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path unfinished = Files.createTempFile(directory, "secrets", ".new", ownerOnly(file));
        try {
            Files.writeString(unfinished, text);
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(unfinished, file);
        } catch (FileAlreadyExistsException e) {
            LOG.atDebug().setCause(e).log("another worker has made the key file");
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?> permissions =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY));
        return posix ? new FileAttribute<?>[] {permissions} : new FileAttribute<?>[0];
    }

    private static void warnOfOthers(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!PosixFilePermissions.fromString(OWNER_ONLY).containsAll(permissions)) {
                LOG.atWarn()
                        .addKeyValue("file", file)
                        .log("the key file of secrets is open to others than its owner, set its mode to 0600");
            }
        }
    }

    private static Map<String, SecretKey> parsed(Path file) throws IOException {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                byte[] key = decoded(file, number, line.strip());
                keys.put(nameOf(key), new SecretKeySpec(key, "AES"));
            }
        }
        if (keys.isEmpty()) {
            throw new ConfigException("the key file " + file + " holds no key: put the one back that was there, or "
                    + "remove the file to have a new one made, which cannot read what is stored");
        }
        return keys;
    }

    private static byte[] decoded(Path file, int line, String text) {
        byte[] key = new byte[0];
        try {
            key = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            LOG.atDebug().log("a line of the key file is not Base64");
        }
        if (key.length != KEY_BYTES) {
            throw new ConfigException("line %d of the key file %s is not a key: %d bytes in Base64 are wanted"
                    .formatted(line, file, KEY_BYTES));
        }
        return key;
    }

    private static String nameOf(byte[] key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
            return HexFormat.of().formatHex(Arrays.copyOf(digest, 4));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Path file() {
        return file;
    }

    /** The name of the key that seals. */
    String newest() {
        return newest;
    }

    Optional<SecretKey> find(String name) {
        return Optional.ofNullable(keys.get(name));
    }
}
