package io.millrace.connect;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** An S3 store in memory. */
final class LocalStore implements AutoCloseable {

    static final String USER = "millrace";
    static final String SECRET = "secret";

    private final S3Proxy server;

    LocalStore(String bucket) {
        BlobStore blobs = new TransientNio2BlobStore();
        blobs.createContainer(bucket);
        server = S3Proxy.builder()
                .blobStore(blobs)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, USER, SECRET)
                .build();
        try {
            server.start();
        } catch (Exception e) {
            throw new AssertionError("The S3 server does not start", e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new AssertionError("The S3 server does not stop", e);
        }
    }
}
