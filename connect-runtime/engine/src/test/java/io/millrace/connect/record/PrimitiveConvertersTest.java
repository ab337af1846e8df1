package io.millrace.connect.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.connect.plugin.ConnectorSettings;
import io.millrace.connect.plugin.PluginFactory;
import io.millrace.connect.plugin.Plugins;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kafka Connect's plainest converters, found under Kafka Connect's names. */
class PrimitiveConvertersTest {

    private static final String PACKAGE = "org.apache.kafka.connect.converters.";

    private final PluginFactory factory = new PluginFactory(Plugins.discover(List.of()));

    private Converter converter(String name) {
        return factory.converter(ConnectorSettings.Part.named(name), false);
    }

    private static Object value(String type) {
        return switch (type) {
            case "Boolean" -> true;
            case "Short" -> (short) -7;
            case "Integer" -> 70_000;
            case "Long" -> 1L << 40;
            case "Float" -> 1.5f;
            default -> -2.25;
        };
    }

    @ParameterizedTest
    @CsvSource({"Boolean,1", "Short,2", "Integer,4", "Long,8", "Float,4", "Double,8"})
    void bringsAPrimitiveThereAndBack(String type, int bytes) {
        for (String name : List.of(PACKAGE + type + "Converter", type + "Converter", type)) {
            Converter converter = converter(name);

            byte[] written = converter.fromConnectData("t", null, value(type));

            assertThat(written).hasSize(bytes);
            assertThat(converter.toConnectData("t", written).value()).isEqualTo(value(type));
            assertThat(converter.toConnectData("t", null).value()).isNull();
            assertThat(converter.fromConnectData("t", null, null)).isNull();
        }
    }

    @Test
    void refusesAnotherTypeThanItsOwn() {
        Converter converter = converter(PACKAGE + "LongConverter");

        assertThatThrownBy(() -> converter.fromConnectData("t", null, "text")).isInstanceOf(DataException.class);
        assertThatThrownBy(() -> converter.fromConnectData("t", Schema.STRING_SCHEMA, 1L))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> converter.toConnectData("t", new byte[3]))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("3 bytes");
    }

    @Test
    void handsBytesOnAsTheyAre() {
        Converter converter = converter(PACKAGE + "ByteArrayConverter");
        byte[] bytes = {1, 2, 3};

        assertThat(converter.fromConnectData("t", Schema.BYTES_SCHEMA, bytes)).isEqualTo(bytes);
        assertThat(converter.fromConnectData("t", null, ByteBuffer.wrap(bytes, 1, 2)))
                .containsExactly(2, 3);
        assertThat(converter.toConnectData("t", bytes).value()).isEqualTo(bytes);
        assertThat(converter.toConnectData("t", bytes).schema()).isEqualTo(Schema.OPTIONAL_BYTES_SCHEMA);
        assertThatThrownBy(() -> converter.fromConnectData("t", null, "text")).isInstanceOf(DataException.class);
    }

    @Test
    void readsHeadersToo() {
        var headers = factory.headerConverter(ConnectorSettings.Part.named(PACKAGE + "IntegerConverter"));

        byte[] written = headers.fromConnectHeader("t", "h", Schema.INT32_SCHEMA, 5);

        assertThat(headers.toConnectHeader("t", "h", written).value()).isEqualTo(5);
    }
}
