package io.millrace.connector.faker;

import io.millrace.connect.testkit.contract.Row;
import io.millrace.connect.testkit.contract.SourceContract;
import io.millrace.connect.testkit.contract.SourceSystem;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceTask;

/** The contract of sources, on a small shop. */
final class FakerContractTest extends SourceContract {

    @Override
    protected SourceSystem system() {
        return new Shop();
    }

    private static final class Shop implements SourceSystem {

        private boolean told;

        @Override
        public SourceConnector connector() {
            return new FakerSourceConnector();
        }

        @Override
        public SourceTask task() {
            return new FakerSourceTask(new SimulatedTime());
        }

        @Override
        public Map<String, String> config() {
            return Map.of("seed", "7", "rows", "60", "batch.rows", "4");
        }

        /** All there will ever be: a shop makes its rows by itself. */
        @Override
        public List<Row> produce() {
            if (told) {
                return List.of();
            }
            told = true;
            return ShopRun.drain(config(), null).stream().map(this::row).toList();
        }

        @Override
        public void close() {}
    }
}
