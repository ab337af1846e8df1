package io.millrace.demo;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * Count and checksum of a table's rows, whatever their order.
 *
 * @param checksum sum modulo 2^64 of the first 8 bytes of each row's SHA-256, taken over the text of {@link RowText}
 */
record TableSum(long rows, long checksum) {

    /** Sums up what is left of a result, whose columns are the given ones in this order. */
    static TableSum of(ResultSet result, List<String> columns) throws SQLException {
        MessageDigest sha = sha256();
        long rows = 0;
        long checksum = 0;
        while (result.next()) {
            byte[] text = RowText.of(result, columns.size()).getBytes(StandardCharsets.UTF_8);
            checksum += ByteBuffer.wrap(sha.digest(text)).getLong();
            rows++;
        }
        return new TableSum(rows, checksum);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "%,d rows, %016x".formatted(rows, checksum);
    }
}
