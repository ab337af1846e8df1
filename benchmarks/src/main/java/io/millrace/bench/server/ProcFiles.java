package io.millrace.bench.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What Linux tells of a process in {@code /proc}. */
final class ProcFiles {

    /** Ticks of a second in {@code /proc/PID/stat}: USER_HZ, the same on every platform we run on. */
    private static final double TICKS_PER_SECOND = 100;
    /** Fields of {@code /proc/PID/stat} behind the name of the program, which may hold spaces. */
    private static final int USER_TICKS_AT = 11;

    private static final int SYSTEM_TICKS_AT = 12;
    private static final double KILOBYTES_PER_MEGABYTE = 1024;

    private ProcFiles() {}

    static double cpuSeconds(long pid) throws IOException {
        return cpuSeconds(Files.readString(Path.of("/proc/" + pid + "/stat")));
    }

    static double cpuSeconds(String stat) {
        List<String> fields =
                List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" "));
        long ticks = Long.parseLong(fields.get(USER_TICKS_AT)) + Long.parseLong(fields.get(SYSTEM_TICKS_AT));
        return ticks / TICKS_PER_SECOND;
    }

    static double residentMegabytes(long pid) throws IOException {
        return residentMegabytes(Files.readAllLines(Path.of("/proc/" + pid + "/status")));
    }

    static double residentMegabytes(List<String> status) {
        return megabytes("VmRSS:", status);
    }

    static double peakMegabytes(long pid) throws IOException {
        return peakMegabytes(Files.readAllLines(Path.of("/proc/" + pid + "/status")));
    }

    static double peakMegabytes(List<String> status) {
        return megabytes("VmHWM:", status);
    }

    private static double megabytes(String name, List<String> status) {
        String line = status.stream()
                .filter(each -> each.startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + name + " the process has ended"));
        return Long.parseLong(line.replaceAll("\\D", "")) / KILOBYTES_PER_MEGABYTE;
    }
}
