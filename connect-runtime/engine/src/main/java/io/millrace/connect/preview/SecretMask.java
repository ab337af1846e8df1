package io.millrace.connect.preview;

import io.millrace.connect.plugin.Secrets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Takes the secrets of a config out of what a connector says about it. */
final class SecretMask implements UnaryOperator<String> {

    /** Shorter values would be found in any text. */
    private static final int LENGTH_MIN = 3;

    private final List<String> secrets;

    private SecretMask(List<String> secrets) {
        this.secrets = secrets;
    }

    /**
     * @param given the config, with its variables
     * @param shown the same without its secrets
     * @param resolved the same with values in place of the variables, which all are secrets
     */
    static SecretMask of(Map<String, String> given, Map<String, String> shown, Map<String, String> resolved) {
        return new SecretMask(resolved.entrySet().stream()
                .filter(entry -> Secrets.MASK.equals(shown.get(entry.getKey()))
                        || !entry.getValue().equals(given.get(entry.getKey())))
                .map(Map.Entry::getValue)
                .filter(value -> value.length() >= LENGTH_MIN)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    @Override
    public String apply(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, Secrets.MASK);
        }
        return masked;
    }
}
