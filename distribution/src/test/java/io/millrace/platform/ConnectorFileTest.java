package io.millrace.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectorFileTest {

    @Test
    void readsNameAndConfig() {
        var connectors = ConnectorFile.parse("{\"name\": \"a\", \"config\": {\"tasks.max\": 2}}", "a.json");

        assertThat(connectors).containsExactly(new ConnectorFile("a", Map.of("tasks.max", "2")));
    }

    @Test
    void readsAFlatConfigWithItsNameInIt() {
        var connectors = ConnectorFile.parse("{\"name\": \"a\", \"tasks.max\": \"1\"}", "a.json");

        assertThat(connectors).containsExactly(new ConnectorFile("a", Map.of("tasks.max", "1")));
    }

    @Test
    void readsSeveralConnectorsOfOneFile() {
        var connectors = ConnectorFile.parse("[{\"name\": \"a\"}, {\"name\": \"b\"}]", "ab.json");

        assertThat(connectors).extracting(ConnectorFile::name).containsExactly("a", "b");
    }

    @Test
    void saysWhereBrokenJsonBreaks() {
        assertThatThrownBy(() -> ConnectorFile.parse("{\"name\": \n oops}", "a.json"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("a.json")
                .hasMessageContaining("line 2");
    }

    @Test
    void saysThatANameIsMissing() {
        assertThatThrownBy(() -> ConnectorFile.parse("{\"tasks.max\": 1}", "a.json"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("a.json holds no connector");
    }

    @Test
    void saysThatAFileIsMissing() {
        assertThatThrownBy(() -> ConnectorFile.read(Path.of("no-such-file.json")))
                .isInstanceOf(UserError.class)
                .hasMessage("there is no file no-such-file.json");
    }
}
