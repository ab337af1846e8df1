package io.millrace.connect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request that is sent to Kafka Connect and to our worker.
 *
 * @param body with ' for "; empty: none
 * @param status what Kafka Connect answers
 * @param until it is sent again until the answer has all of this
 * @param ours null: the same is wanted of our worker; otherwise what is wanted instead
 */
record RestCall(
        String verb,
        String path,
        String body,
        String contentType,
        int status,
        List<Until> until,
        @Nullable Ours ours) {

    /**
     * What is waited for.
     *
     * @param pointer to a part of the body (RFC 6901)
     * @param text of that part; empty: it is not there
     */
    record Until(String pointer, String text) {}

    /**
     * Another answer, wanted of our worker.
     *
     * @param status of that answer; the body is not compared, but that of an error has the shape of all errors
     * @param reason why it is better
     */
    record Ours(int status, String reason) {}

    static RestCall call(String verb, String path, int status) {
        return call(verb, path, "", status);
    }

    static RestCall call(String verb, String path, String body, int status) {
        return new RestCall(verb, path, body, "application/json", status, List.of(), null);
    }

    RestCall as(String type) {
        return new RestCall(verb, path, body, type, status, until, ours);
    }

    RestCall until(String pointer, String text) {
        List<Until> more = new ArrayList<>(until);
        more.add(new Until(pointer, text));
        return new RestCall(verb, path, body, contentType, status, List.copyOf(more), ours);
    }

    /** The same, whose first answer is taken. */
    RestCall atOnce() {
        return new RestCall(verb, path, body, contentType, status, List.of(), ours);
    }

    RestCall butOurs(int other, String reason) {
        return new RestCall(verb, path, body, contentType, status, until, new Ours(other, reason));
    }

    RestClient.Answer sendTo(RestClient worker) {
        return worker.send(verb, path, body.replace('\'', '"'), contentType);
    }

    @Override
    public String toString() {
        String start = verb + " " + path;
        return body.isEmpty() ? start : start + " " + body;
    }
}
