package io.millrace.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcFilesTest {

    @Test
    void processorTimeIsThatOfUserAndKernelBehindANameWithSpaces() {
        String stat = "4711 (a (b) c) S 1 4711 4711 0 -1 4194304 100 200 0 0 250 50 7 8 20 0 12 0 99 1000 200\n";

        assertThat(ProcFiles.cpuSeconds(stat)).isEqualTo(3.0);
    }

    @Test
    void residentMemoryIsReadInMegabytes() {
        List<String> status = List.of("VmHWM:\t  409600 kB", "VmRSS:\t  204800 kB");

        assertThat(ProcFiles.residentMegabytes(status)).isEqualTo(200);
        assertThat(ProcFiles.peakMegabytes(status)).isEqualTo(400);
    }

    @Test
    void aProcessThatWorksUsesProcessorTimeAndMemory() throws Exception {
        long pid = ProcessHandle.current().pid();

        assertThat(ProcFiles.cpuSeconds(pid)).isPositive();
        assertThat(ProcFiles.residentMegabytes(pid)).isPositive();
    }
}
