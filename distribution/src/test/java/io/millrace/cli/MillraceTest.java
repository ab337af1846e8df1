package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MillraceTest {

    @Test
    void everyVerbIsExplainedWithAnExample() {
        Map<String, CommandLine> verbs = new TreeMap<>(Millrace.commandLine().getSubcommands());

        assertThat(verbs).isNotEmpty();
        verbs.forEach((verb, command) -> {
            var usage = command.getCommandSpec().usageMessage();
            assertThat(usage.description()).as("description of " + verb).isNotEmpty();
            assertThat(usage.footer()).as("examples of " + verb).isNotEmpty();
            assertThat(String.join("\n", usage.footer())).contains("millrace " + verb);
        });
    }

    @Test
    void refusesAVerbThatDoesNotExistWithTheNearest() {
        assertThat(Millrace.run("severr")).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void saysInOneSentenceThatNobodyAnswers() {
        assertThat(Millrace.run("connector", "list", "--rest", "http://127.0.0.1:1"))
                .isEqualTo(1);
    }
}
