package io.millrace.connect.secret;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;

/**
 * The secrets that are in use, so that they can be masked in texts that others wrote: messages of drivers, stack
 * traces, log lines. A secret is also known as it stands in an address or in JSON, and a secret of many lines by each
 * of them. One of fewer than five letters is masked only where it stands alone.
 *
 * <p><b>Threads.</b> Any.
 */
public final class SecretWords {

    private static final String MASK = Password.HIDDEN;
    private static final int WORDS_OF_OWNER_MAX = 256;
    private static final int SUBSTRING_MIN = 5;
    private static final int LINE_MIN = 8;
    private static final Set<String> NO_SECRETS = Set.of("true", "false", "none", "null", MASK);

    /** In a value that itself holds keys and values, as {@code sasl.jaas.config} does. */
    private static final Pattern WITHIN =
            Pattern.compile("(?i)(?:password|secret|token)\\w*\\s*=\\s*(?:\"([^\"]+)\"|([^\\s\";,]+))");

    private final Map<String, Set<String>> owners = new HashMap<>();
    private volatile List<Word> longestFirst = List.of();

    /** A secret, and where it counts. */
    private record Word(String text, Pattern pattern) {

        static Word of(String text) {
            String quoted = Pattern.quote(text);
            boolean alone = text.length() < SUBSTRING_MIN;
            return new Word(
                    text, Pattern.compile(alone ? "(?<![\\p{L}\\p{N}])" + quoted + "(?![\\p{L}\\p{N}])" : quoted));
        }

        boolean occursIn(String other) {
            return other.contains(text) && pattern.matcher(other).find();
        }
    }

    /** Adds secrets of an owner; the newest few of each are kept, so that an old one may still turn up late. */
    public synchronized void remember(String owner, Collection<String> secrets) {
        Set<String> words = owners.computeIfAbsent(owner, same -> new LinkedHashSet<>());
        boolean changed = false;
        for (String secret : secrets) {
            for (String form : forms(secret)) {
                changed |= words.add(form);
            }
        }
        while (words.size() > WORDS_OF_OWNER_MAX) {
            words.remove(words.iterator().next());
        }
        if (changed) {
            publish();
        }
    }

    /** Forgets the secrets of an owner. */
    public synchronized void forget(String owner) {
        if (owners.remove(owner) != null) {
            publish();
        }
    }

    private void publish() {
        longestFirst = owners.values().stream()
                .flatMap(Set::stream)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Word::of)
                .toList();
    }

    private static List<String> forms(String secret) {
        List<String> forms = new ArrayList<>();
        add(forms, secret);
        secret.lines()
                .map(String::strip)
                .filter(line -> line.length() >= LINE_MIN)
                .forEach(line -> add(forms, line));
        Matcher within = WITHIN.matcher(secret);
        while (within.find()) {
            add(forms, within.group(1) == null ? within.group(2) : within.group(1));
        }
        return forms;
    }

    private static void add(List<String> forms, String secret) {
        if (!secret.isBlank() && !NO_SECRETS.contains(secret)) {
            forms.add(secret);
            forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
            forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
        }
    }

    /** Whether a text holds a secret. */
    public boolean occurIn(String text) {
        return longestFirst.stream().anyMatch(word -> word.occursIn(text));
    }

    /** The text with a mask in place of every secret. */
    public String masked(String text) {
        String shown = text;
        for (Word word : longestFirst) {
            if (word.occursIn(shown)) {
                shown = word.pattern().matcher(shown).replaceAll(Matcher.quoteReplacement(MASK));
            }
        }
        return shown;
    }
}
