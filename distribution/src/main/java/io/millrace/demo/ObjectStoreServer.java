package io.millrace.demo;

import io.millrace.platform.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A server that speaks S3 and keeps each object as a file: bucket, then key, below its directory. */
final class ObjectStoreServer implements AutoCloseable {

    static final String BUCKET = "lake";
    /** Keys of a server that listens on loopback only, and holds made-up data. */
    static final String ACCESS_KEY = "millrace";

    static final String SECRET_KEY = "millrace-demo";

    private final S3Proxy server;
    private final Path directory;

    private ObjectStoreServer(S3Proxy server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    static ObjectStoreServer start(Path directory, int port) throws IOException {
        Files.createDirectories(directory);
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(directory.toString()))
                .endpoint(URI.create("http://127.0.0.1:" + port))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                .jettyMaxThreads(16)
                .build();
        try {
            server.start();
        } catch (Exception e) { // what start() declares
            throw new UserError("the embedded S3 server on " + directory + " did not start: " + e.getMessage(), e);
        }
        return new ObjectStoreServer(server, directory);
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** Where the objects of the demo's bucket lie as files. */
    Path bucketDirectory() {
        return directory.resolve(BUCKET);
    }

    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) { // what stop() declares
            throw new IOException("the embedded S3 server did not stop", e);
        }
    }
}
