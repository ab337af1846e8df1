package io.millrace.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.platform.UserError;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PipePlanTest {

    private static final String SHOP = "postgresql://me:p%40ss@db.example:5433/shop";

    @Test
    void readsEverythingOfADatabaseUrl() {
        assertThat(PipeSource.parse(SHOP)).isEqualTo(new PipeSource("db.example", 5433, "shop", "me", "p@ss"));
    }

    @Test
    void takesThePortThatPostgresTakes() {
        assertThat(PipeSource.parse("postgres://me@db/shop").port()).isEqualTo(5432);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"mysql://me:secret@db/shop", "postgresql://me:secret@db", "postgresql://me:se cret@db/shop"})
    void refusesASourceWithoutTellingThePassword(String url) {
        assertThatThrownBy(() -> PipeSource.parse(url))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("***")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "./out, io.millrace.connector.s3.S3SinkConnector",
        "s3://bucket/prefix, io.millrace.connector.s3.S3SinkConnector",
        "duckdb:shop.duckdb, io.millrace.connector.duckdb.DuckDbSinkConnector",
        "postgresql://me@other/copy, io.millrace.connector.jdbc.JdbcSinkConnector"
    })
    void choosesTheSinkByTheTarget(String target, String connectorClass) {
        assertThat(plan(SHOP, target).sink().config()).containsEntry("connector.class", connectorClass);
    }

    @Test
    void takesTheKeysOfS3FromTheEnvironment() {
        PipeTarget target = PipeTarget.parse(
                "s3://bucket/prefix", Map.of("AWS_ACCESS_KEY_ID", "id", "AWS_SECRET_ACCESS_KEY", "key"));

        assertThat(target.connector("shop"))
                .containsEntry("aws.access.key.id", "id")
                .containsEntry("aws.secret.access.key", "key")
                .containsEntry("topics.dir", "prefix");
    }

    @Test
    void refusesATargetThatItDoesNotKnow() {
        assertThatThrownBy(() -> PipeTarget.parse("ftp://host/out", Map.of()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("ftp://host/out");
    }

    @Test
    void isTheSamePlanForTheSameCommandWhateverThePassword() {
        String changed = SHOP.replace("p%40ss", "other");

        assertThat(plan(changed, "./out").name()).isEqualTo(plan(SHOP, "./out").name());
        assertThat(plan(SHOP, "./elsewhere").name())
                .isNotEqualTo(plan(SHOP, "./out").name());
    }

    private static PipePlan plan(String source, String target) {
        return PipePlan.of(PipeSource.parse(source), PipeTarget.parse(target, Map.of()));
    }
}
