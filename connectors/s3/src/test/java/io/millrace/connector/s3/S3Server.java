package io.millrace.connector.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 store in memory, and a client that looks into it past the connector. */
final class S3Server implements AutoCloseable {

    static final String BUCKET = "lake";

    final S3Client client;
    private S3Proxy server;
    private final int port;
    private final BlobStore blobs = new TransientNio2BlobStore();

    S3Server() {
        server = started(0, blobs);
        port = server.getPort();
        client = S3Client.builder()
                .endpointOverride(URI.create(url()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("millrace", "secret")))
                .build();
        client.createBucket(create -> create.bucket(BUCKET));
    }

    /** Nobody answers any more; what is stored stays. */
    void pause() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("The S3 server does not stop", e);
        }
    }

    /** Answers again, at the same address. */
    void resume() {
        server = started(port, blobs);
    }

    private static S3Proxy started(int port, BlobStore blobs) {
        S3Proxy server = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "millrace", "secret")
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new AssertionError("The S3 server does not start", e);
        }
        return server;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    Map<String, String> config(String... more) {
        Map<String, String> config = new HashMap<>(Map.of(
                "store.url", url(),
                "s3.bucket.name", BUCKET,
                "aws.access.key.id", "millrace",
                "aws.secret.access.key", "secret",
                "s3.part.retries", "1"));
        for (int i = 0; i < more.length; i += 2) {
            config.put(more[i], more[i + 1]);
        }
        return config;
    }

    List<S3Object> objects() {
        return client.listObjectsV2Paginator(list -> list.bucket(BUCKET)).contents().stream()
                .toList();
    }

    List<String> names() {
        return objects().stream().map(S3Object::key).toList();
    }

    /** Copies every object to {@code folder}, for another program to read. */
    Path download(Path folder) {
        for (String name : names()) {
            try {
                Path file = folder.resolve(name);
                Files.createDirectories(file.getParent());
                Files.deleteIfExists(file);
                client.getObject(get -> get.bucket(BUCKET).key(name), file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }

    @Override
    public void close() {
        client.close();
        pause();
    }
}
