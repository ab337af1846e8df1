package io.millrace.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** What the figures were seen on: without it they say nothing. */
public final class Machine {

    private static final double KILOBYTES_PER_GIGABYTE = 1024 * 1024;
    private static final double BUSY = 0.5;

    private Machine() {}

    /** By name: processor, memory, kernel, file system, JDK, and how busy the machine is now. */
    public static Map<String, String> describe(Path data) throws IOException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "processors",
                Runtime.getRuntime().availableProcessors() + ", " + valueOf("/proc/cpuinfo", "model name"));
        double memory = Double.parseDouble(valueOf("/proc/meminfo", "MemTotal").replaceAll("\\D", ""));
        facts.put("memory", Numbers.of(memory / KILOBYTES_PER_GIGABYTE) + " GB");
        facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("file system", Files.getFileStore(data).type());
        facts.put("JDK", System.getProperty("java.vm.version"));
        facts.put("load at the start", Double.toString(load()));
        return facts;
    }

    /** Whether other programs are at work, so that figures say less. */
    public static boolean isBusy() throws IOException {
        return load() > BUSY;
    }

    /** Processes that wanted to run, in the mean of the last minute. */
    private static double load() throws IOException {
        String line = Files.readString(Path.of("/proc/loadavg"));
        return Double.parseDouble(line.substring(0, line.indexOf(' ')));
    }

    private static String valueOf(String file, String key) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("0");
        }
    }
}
