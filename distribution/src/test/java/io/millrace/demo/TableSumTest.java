package io.millrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableSumTest {

    private static final String ROWS = "(VALUES (1, 'a', 1.50::DECIMAL(9,2)), (2, NULL, 2.00::DECIMAL(9,2)))";

    @Test
    void isTheSameInAnyOrder() throws SQLException {
        assertThat(sum("SELECT * FROM " + ROWS + " ORDER BY 1 DESC")).isEqualTo(sum("SELECT * FROM " + ROWS));
    }

    @Test
    void isTheSameForEqualNumbersOfAnotherScale() throws SQLException {
        assertThat(sum("SELECT 1.50::DECIMAL(9,2)")).isEqualTo(sum("SELECT 1.5::DECIMAL(18,1)"));
    }

    @Test
    void countsEqualRowsEach() throws SQLException {
        assertThat(sum("SELECT 1 UNION ALL SELECT 1")).isNotEqualTo(sum("SELECT 1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT * FROM (VALUES (1, 'a', 1.51), (2, NULL, 2.00))",
                "SELECT * FROM (VALUES (1, 'b', 1.50), (2, NULL, 2.00))",
                "SELECT * FROM (VALUES (1, NULL, 1.50), (2, 'a', 2.00))",
                "SELECT * FROM (VALUES (1, 'a', 1.50))"
            })
    void differsWhenAnyFieldDoes(String other) throws SQLException {
        assertThat(sum(other)).isNotEqualTo(sum("SELECT * FROM " + ROWS));
    }

    @Test
    void tellsMicrosecondsApart() throws SQLException {
        assertThat(sum("SELECT TIMESTAMP '2026-01-01 00:00:00.000001'"))
                .isNotEqualTo(sum("SELECT TIMESTAMP '2026-01-01 00:00:00.000002'"));
    }

    private static TableSum sum(String query) throws SQLException {
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            return TableSum.of(rows, List.of("a", "b", "c").subList(0, columns));
        }
    }
}
