package io.millrace.connect.rest;

import io.helidon.common.uri.UriEncoding;
import io.helidon.common.uri.UriPath;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.http.ServerRequest;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Paths whose parts are told apart before they are decoded, so that a name may hold a slash as {@code %2F}; the
 * server's own templates see {@code a%2Fb} as two parts. A slash at the end makes no difference.
 */
final class Paths implements PathMatcher {

    private final Pattern pattern;

    private Paths(Pattern pattern) {
        this.pattern = pattern;
    }

    /** A template such as {@code /connectors/{name}/status}, where a part in braces stands for anything. */
    static Paths of(String template) {
        String expression = Arrays.stream(template.split("/"))
                .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
                .collect(Collectors.joining("/"));
        return new Paths(Pattern.compile(expression + "/?"));
    }

    /** The part of a request's path with this number, from 0, decoded. */
    static String part(ServerRequest request, int number) {
        // The decoder takes a plus for a space, which it is in forms only (RFC 3986, 2.2).
        String raw = request.path().absolute().rawPath().split("/")[number + 1];
        return UriEncoding.decodeUri(raw.replace("+", "%2B"));
    }

    @Override
    public PathMatchers.MatchResult match(UriPath path) {
        return pattern.matcher(path.rawPath()).matches()
                ? PathMatchers.any().match(path)
                : PathMatchers.MatchResult.notAccepted();
    }

    @Override
    public PathMatchers.PrefixMatchResult prefixMatch(UriPath path) {
        return PathMatchers.PrefixMatchResult.notAccepted();
    }
}
