package io.millrace.connector.s3;

import java.io.IOException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** One sentence for each way in which a store refuses or fails: what, where, and what to do. */
final class S3Failures {

    private static final int MOVED = 301;
    private static final int FORBIDDEN = 403;
    private static final int CONFLICT = 409;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int NOT_IMPLEMENTED = 501;

    private S3Failures() {}

    /** The exception to throw: a {@link RetriableException} when the same request may succeed later. */
    static ConnectException explain(SdkException e, String what, String bucket, S3SinkConfig config) {
        String url = config.getString(S3SinkConfig.STORE_URL);
        String where = "bucket " + bucket + " at " + (url.isEmpty() ? "AWS" : url);
        if (e instanceof S3Exception answer) {
            return answered(answer, what, where);
        }
        if (hasIoCause(e)) {
            return new RetriableException(
                    "The store does not answer, trying to " + what + " in " + where + ": " + rootMessage(e)
                            + "; check store.url and the network",
                    e);
        }
        return new ConnectException("Cannot " + what + " in " + where + ": " + e.getMessage(), e);
    }

    private static ConnectException answered(S3Exception e, String what, String where) {
        String code = code(e);
        String start = "Cannot " + what + " in " + where + ": ";
        if (code.equals("NoSuchBucket")) {
            return new ConnectException(
                    start + "there is no such bucket; make it, or set " + S3SinkConfig.BUCKET_CREATE + "=true", e);
        }
        return switch (e.statusCode()) {
            case FORBIDDEN ->
                new ConnectException(
                        start + "the store refuses these credentials (" + code + "); check " + S3SinkConfig.ACCESS_KEY
                                + ", " + S3SinkConfig.SECRET_KEY + " and what they may do",
                        e);
            case MOVED ->
                new ConnectException(start + "the bucket is in another region; set " + S3SinkConfig.REGION, e);
            case NOT_IMPLEMENTED ->
                new ConnectException(
                        start + "the store does not know conditional writes; set " + S3SinkConfig.CONDITIONAL_WRITES
                                + "=false",
                        e);
            case CONFLICT, TOO_MANY_REQUESTS -> new RetriableException(start + "the store is busy (" + code + ")", e);
            default ->
                e.statusCode() > SERVER_ERROR || e.statusCode() == SERVER_ERROR
                        ? new RetriableException(start + "the store failed with " + e.statusCode() + " " + code, e)
                        : new ConnectException(start + e.statusCode() + " " + code, e);
        };
    }

    private static String code(S3Exception e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null ? "no code" : code;
    }

    private static boolean hasIoCause(Throwable e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof java.io.UncheckedIOException) {
                return true;
            }
        }
        return false;
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getClass().getSimpleName() + (root.getMessage() == null ? "" : ": " + root.getMessage());
    }
}
