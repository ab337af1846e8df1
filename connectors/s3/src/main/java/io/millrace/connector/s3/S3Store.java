package io.millrace.connector.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.BucketAlreadyExistsException;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket of an S3 store. Drafts grow in files of this machine that have no name, so that nothing is left of them
 * after a crash; the end offset is kept in the metadata of the object.
 */
final class S3Store implements ObjectStore {

    private static final String NAME_IS_FREE = "*";
    private static final int PRECONDITION_FAILED = 412;

    private final S3Client client;
    private final S3SinkConfig config;
    private final String bucket;
    private final Path spool;

    /**
     * Connects, makes the bucket if that is asked for, and lists in it once, so that what is wrong shows at once.
     */
    S3Store(S3SinkConfig config) {
        this.config = config;
        this.bucket = config.getString(S3SinkConfig.BUCKET);
        String dir = config.getString(S3SinkConfig.SPOOL_DIR);
        this.spool = Path.of(dir.isEmpty() ? System.getProperty("java.io.tmpdir") : dir);
        this.client = client(config);
        try {
            if (config.getBoolean(S3SinkConfig.BUCKET_CREATE)) {
                createBucket();
            }
            ask("list", () -> client.listObjectsV2(list -> list.bucket(bucket).maxKeys(1)));
        } catch (ConnectException e) {
            client.close();
            throw e;
        }
    }

    private static S3Client client(S3SinkConfig config) {
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(config.getString(S3SinkConfig.REGION)))
                .forcePathStyle(config.getBoolean(S3SinkConfig.PATH_STYLE))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(
                        override -> override.retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(config.getInt(S3SinkConfig.PART_RETRIES) + 1)
                                .build()));
        String url = config.getString(S3SinkConfig.STORE_URL);
        if (!url.isEmpty()) {
            // Stores that are not AWS need not know the trailing checksums that AWS prefers.
            builder.endpointOverride(URI.create(url))
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
        }
        String accessKey = config.getString(S3SinkConfig.ACCESS_KEY);
        if (!accessKey.isEmpty()) {
            builder.credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(accessKey, config.secretKey().value())));
        }
        return builder.build();
    }

    private void createBucket() {
        ask("make", () -> {
            try {
                client.createBucket(create -> create.bucket(bucket));
            } catch (BucketAlreadyOwnedByYouException | BucketAlreadyExistsException e) {
                return bucket;
            }
            return bucket;
        });
    }

    @Override
    public OptionalLong lastOffset(ObjectNames names) {
        List<String> found = ask(
                "list",
                () -> client
                        .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(names.folder() + names.stem()))
                        .contents()
                        .stream()
                        .map(S3Object::key)
                        .toList());
        Optional<String> last = names.last(found);
        return last.isEmpty() ? OptionalLong.empty() : OptionalLong.of(endOffset(last.get()));
    }

    private long endOffset(String key) {
        Map<String, String> metadata = ask(
                "read",
                () -> client.headObject(head -> head.bucket(bucket).key(key)).metadata());
        String end = metadata.get(END_OFFSET);
        if (end == null) {
            throw new ConnectException("The object " + key + " in bucket " + bucket + " has no metadata " + END_OFFSET
                    + ", so it is not of this connector: move it away, or set another topics.dir");
        }
        return Long.parseLong(end);
    }

    @Override
    public Draft draft(String name) throws IOException {
        Path path = Files.createTempFile(spool, "millrace-s3-", null);
        return new Draft(
                name,
                FileChannel.open(
                        path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE),
                null);
    }

    @Override
    public long publish(Draft draft, long endOffset) {
        try {
            boolean ours = ask("write", () -> put(draft, Long.toString(endOffset)));
            draft.file().close();
            return ours ? endOffset : endOffset(draft.name());
        } catch (IOException e) {
            throw new ConnectException("Cannot read back the file for " + draft.name() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** False when the name is taken: by another writer, or by this one when only the answer got lost. */
    private boolean put(Draft draft, String endOffset) {
        try {
            if (size(draft.file()) <= partSize()) {
                client.putObject(
                        put -> put.bucket(bucket)
                                .key(draft.name())
                                .ifNoneMatch(condition())
                                .metadata(Map.of(END_OFFSET, endOffset)),
                        body(draft.file(), 0, size(draft.file())));
            } else {
                putParts(draft, endOffset);
            }
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == PRECONDITION_FAILED) {
                return false;
            }
            throw e;
        }
    }

    private void putParts(Draft draft, String endOffset) {
        String upload = client.createMultipartUpload(
                        create -> create.bucket(bucket).key(draft.name()).metadata(Map.of(END_OFFSET, endOffset)))
                .uploadId();
        try {
            List<CompletedPart> parts = new ArrayList<>();
            long size = size(draft.file());
            for (long start = 0; start < size; start += partSize()) {
                parts.add(putPart(draft, upload, parts.size() + 1, start));
            }
            client.completeMultipartUpload(complete -> complete.bucket(bucket)
                    .key(draft.name())
                    .uploadId(upload)
                    .ifNoneMatch(condition())
                    .multipartUpload(all -> all.parts(parts)));
        } catch (SdkException e) {
            abort(draft, upload, e);
            throw e;
        }
    }

    private CompletedPart putPart(Draft draft, String upload, int number, long start) {
        long length = Math.min(partSize(), size(draft.file()) - start);
        String etag = client.uploadPart(
                        part -> part.bucket(bucket)
                                .key(draft.name())
                                .uploadId(upload)
                                .partNumber(number),
                        body(draft.file(), start, length))
                .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    /** Parts of an upload that is given up cost money until they are aborted. */
    private void abort(Draft draft, String upload, SdkException cause) {
        try {
            client.abortMultipartUpload(
                    abort -> abort.bucket(bucket).key(draft.name()).uploadId(upload));
        } catch (SdkException e) {
            cause.addSuppressed(e);
        }
    }

    private @org.jspecify.annotations.Nullable String condition() {
        return config.getBoolean(S3SinkConfig.CONDITIONAL_WRITES) ? NAME_IS_FREE : null;
    }

    private long partSize() {
        return config.getInt(S3SinkConfig.PART_SIZE);
    }

    private static long size(FileChannel file) {
        try {
            return file.size();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A range of the file, which the client may ask for again when it repeats a request. */
    private static RequestBody body(FileChannel file, long start, long length) {
        return RequestBody.fromContentProvider(() -> range(file, start, length), length, "application/octet-stream");
    }

    private <T> T ask(String what, Supplier<T> request) {
        try {
            return request.get();
        } catch (SdkException e) {
            throw S3Failures.explain(e, what, bucket, config);
        }
    }

    /** {@code length} bytes of a file; does not move the position of the channel. */
    private static InputStream range(FileChannel file, long start, long length) {
        return new InputStream() {
            private long read;

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] to, int offset, int most) throws IOException {
                if (read == length) {
                    return -1;
                }
                int wanted = (int) Math.min(most, length - read);
                int got = file.read(ByteBuffer.wrap(to, offset, wanted), start + read);
                read += Math.max(got, 0);
                return got;
            }
        };
    }
}
