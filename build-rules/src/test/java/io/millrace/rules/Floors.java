package io.millrace.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The content of {@code floors.txt}: which package of ours may import which. */
record Floors(Map<String, Set<String>> allowed) {

    static final String ROOT = "io.millrace.";

    static Floors read(Path file) throws IOException {
        Map<String, Set<String>> allowed = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new IOException(file + ": expected \"package: imports\", found \"" + line + "\"");
            }
            Set<String> imports = new TreeSet<>();
            Arrays.stream(line.substring(colon + 1).trim().split("\\s+"))
                    .filter(name -> !name.isEmpty())
                    .forEach(imports::add);
            allowed.put(line.substring(0, colon).trim(), imports);
        }
        return new Floors(allowed);
    }

    /** The floor that a package stands on: the longest listed name that the package equals or is below of. */
    Optional<String> floorOf(String packageName) {
        if (!packageName.startsWith(ROOT)) {
            return Optional.empty();
        }
        String name = packageName.substring(ROOT.length());
        return allowed.keySet().stream()
                .filter(floor -> name.equals(floor) || name.startsWith(floor + "."))
                .max(Comparator.comparingInt(String::length));
    }

    boolean permits(String from, String to) {
        return from.equals(to) || allowed.getOrDefault(from, Set.of()).contains(to);
    }
}
