package io.millrace.cli;

import io.millrace.platform.RestApi;
import picocli.CommandLine.Option;

/** The option that says which runtime a verb talks to. */
final class RestAddress {

    @Option(
            names = {"-r", "--rest"},
            paramLabel = "URL",
            defaultValue = "http://localhost:8083",
            description = "the connect runtime: ours or Kafka Connect's (default: ${DEFAULT-VALUE})")
    private String url = "http://localhost:8083";

    RestApi open() {
        return new RestApi(url.startsWith("http") ? url : "http://" + url);
    }
}
