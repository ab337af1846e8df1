package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher, where something that it needs is missing. */
class LauncherTest {

    /** A JDK that no machine has stands for one that this machine does not have. */
    private static final String FUTURE_JDK = "needed=99";

    @TempDir
    private Path home;

    private Path launcher = Path.of("none");

    @BeforeEach
    void copyLauncher() throws IOException {
        launcher = Files.copy(Path.of("../millrace"), home.resolve("millrace"));
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void saysInOneSentenceThatThereIsNoJdk() throws Exception {
        String script = Files.readString(launcher);
        assertThat(script).contains("needed=25");
        Files.writeString(launcher, script.replace("needed=25", FUTURE_JDK));

        Process process = start("server");

        assertThat(output(process))
                .startsWith("millrace: no JDK 99 or newer was found. Install one")
                .hasLineCount(1);
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void saysInOneSentenceThatThereIsNoMavenToBuildWith() throws Exception {
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Path tools = Files.createDirectory(home.resolve("tools"));
        for (String tool : new String[] {"bash", "sed", "dirname", "readlink", "mkdir", "tee", "awk", "grep", "tail"}) {
            Files.createSymbolicLink(tools.resolve(tool), Path.of("/usr/bin", tool));
        }

        Process process = start("server", tools);

        assertThat(output(process)).contains("needs Maven").doesNotContain("command not found");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    private Process start(String verb) throws IOException {
        return start(verb, Path.of("/usr/bin"));
    }

    private Process start(String verb, Path path) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder("/usr/bin/bash", launcher.toString(), verb).redirectErrorStream(true);
        builder.environment().put("PATH", path.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
