package io.millrace.connector.s3;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;

/**
 * The file that rows are written to, in one format. Used by one thread, from its creation to {@link #finish}.
 */
interface RowFile {

    /** What a stream into the file gathers before it writes. */
    int BUFFER_BYTES = 65_536;

    /**
     * Adds one row, or nothing at all.
     *
     * @throws DataException naming the field, when the record cannot be written without loss; the file is as before
     */
    void write(SinkRecord record) throws IOException;

    /** Bytes held in memory until they are in the file, about. */
    long bufferedBytes();

    /** Bytes that the file will have at least. */
    long fileBytes();

    /**
     * Writes what is still in memory, and where the file ends in the log. The channel stays open.
     *
     * @param endOffset the last offset of the log that the file accounts for
     */
    void finish(long endOffset) throws IOException;

    /** A stream into {@code file} that closes itself only: the file is read from afterwards. */
    static OutputStream output(FileChannel file) {
        return new BufferedOutputStream(Channels.newOutputStream(file), BUFFER_BYTES) {
            @Override
            public void close() throws IOException {
                flush();
            }
        };
    }
}
