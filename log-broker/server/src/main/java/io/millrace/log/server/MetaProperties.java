package io.millrace.log.server;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a data directory, in its file {@code meta.properties}.
 *
 * @param brokerId of the broker whose data this is
 * @param metadataGroup identity of the metadata log, made with the directory
 * @param metadataFormatted whether the metadata log was begun. If not, what is there of it never held anything
 * @param clusterId null until the cluster has got its name
 */
record MetaProperties(
        int brokerId,
        String metadataGroup,
        boolean metadataFormatted,
        @Nullable String clusterId) {

    private static final String FILE = "meta.properties";
    private static final String VERSION = "1";
    private static final int FIRST_BROKER = 1;

    /** Reads the file, or makes it if the directory is new. */
    static MetaProperties readOrCreate(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (Files.exists(file)) {
            return read(file);
        }
        MetaProperties created =
                new MetaProperties(FIRST_BROKER, Uuid.randomUuid().toString(), false, null);
        created.write(directory);
        return created;
    }

    MetaProperties formatted() {
        return new MetaProperties(brokerId, metadataGroup, true, clusterId);
    }

    MetaProperties named(String cluster) {
        return new MetaProperties(brokerId, metadataGroup, metadataFormatted, cluster);
    }

    /** Replaces the file in one step, durably. */
    void write(Path directory) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("version", VERSION);
        properties.setProperty("broker.id", Integer.toString(brokerId));
        properties.setProperty("metadata.group", metadataGroup);
        properties.setProperty("metadata.formatted", Boolean.toString(metadataFormatted));
        if (clusterId != null) {
            properties.setProperty("cluster.id", clusterId);
        }
        StringWriter text = new StringWriter();
        properties.store(text, null);
        Path unfinished = directory.resolve(FILE + ".tmp");
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.ISO_8859_1)));
            channel.force(true);
        }
        Files.move(unfinished, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static MetaProperties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            properties.load(in);
        }
        if (!VERSION.equals(properties.getProperty("version"))) {
            throw new IOException("The data directory was written by another version: " + file + " has version "
                    + properties.getProperty("version") + ", this release reads " + VERSION + ".");
        }
        try {
            return new MetaProperties(
                    Integer.parseInt(required(properties, "broker.id", file)),
                    required(properties, "metadata.group", file),
                    Boolean.parseBoolean(required(properties, "metadata.formatted", file)),
                    properties.getProperty("cluster.id"));
        } catch (NumberFormatException e) {
            throw new IOException("In " + file + " broker.id is not a number.", e);
        }
    }

    private static String required(Properties properties, String key, Path file) throws IOException {
        String value = properties.getProperty(key);
        if (value == null) {
            throw new IOException("In " + file + " the key " + key + " is missing: restore the file from a backup.");
        }
        return value;
    }
}
