package io.millrace.connector.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.DelegatingPositionOutputStream;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Rows as a Parquet file.
 *
 * <p>Nothing here goes through Hadoop: its {@link Configuration} is only named by signatures that have to be
 * overridden, and is not on the class path at run time.
 */
final class ParquetRows implements RowFile {

    private static final String END_OFFSET = "millrace.end.offset";

    /** Length of the footer, then the magic number. */
    private static final int TAIL_BYTES = 8;

    private final List<RowSchema.Column> sources;
    private final List<ParquetColumn> columns;
    private final boolean keyed;
    private final FileChannel file;
    private final ParquetWriter<@Nullable Object[]> writer;
    private long endOffset = -1;

    /**
     * @throws DataException when a column has no counterpart in Parquet
     */
    ParquetRows(RowSchema schema, S3SinkConfig config, FileChannel file) throws IOException {
        this.sources = schema.columns();
        this.columns = sources.stream()
                .map(source -> ParquetColumn.ofRow(source.name(), source.schema()))
                .toList();
        this.keyed = schema.key() != null;
        this.file = file;
        this.writer = new Builder()
                .withConf(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodec())
                .withCompressionCodec(config.parquetCodec())
                .withRowGroupSize(config.rowGroupBytes())
                // Every value of these is another: a dictionary would only cost.
                .withDictionaryEncoding(RowSchema.OFFSET, false)
                .withDictionaryEncoding(RowSchema.TIMESTAMP, false)
                .build();
    }

    @Override
    public void write(SinkRecord record) throws IOException {
        if (record.value() == null ? !keyed : record.valueSchema() == null) {
            throw new DataException("The record has no schema, and Parquet has no column without a type");
        }
        @Nullable Object[] row = new @Nullable Object[columns.size()];
        for (int i = 0; i < row.length; i++) {
            row[i] = columns.get(i).stored(sources.get(i).get().apply(record));
        }
        writer.write(row);
    }

    @Override
    public long bufferedBytes() {
        try {
            return Math.max(0, writer.getDataSize() - file.position());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Override
    public long fileBytes() {
        return writer.getDataSize();
    }

    @Override
    public void finish(long endOffset) throws IOException {
        this.endOffset = endOffset;
        writer.close();
    }

    /** The end offset that {@link #finish} wrote into the file; empty when another program wrote the file. */
    static OptionalLong endOffset(FileChannel file) throws IOException {
        ByteBuffer tail = ByteBuffer.allocate(Integer.BYTES).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        file.read(tail, file.size() - TAIL_BYTES);
        file.position(file.size() - TAIL_BYTES - tail.flip().getInt());
        FileMetaData footer = Util.readFileMetaData(Channels.newInputStream(file), true);
        return Objects.requireNonNullElse(footer.getKey_value_metadata(), List.<KeyValue>of()).stream()
                .filter(entry -> END_OFFSET.equals(entry.getKey()))
                .mapToLong(entry -> Long.parseLong(entry.getValue()))
                .findFirst();
    }

    private final class Builder extends ParquetWriter.Builder<@Nullable Object[], Builder> {

        Builder() {
            super(new ChannelFile());
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<@Nullable Object[]> getWriteSupport(ParquetConfiguration conf) {
            return new Rows();
        }

        @Override
        @Deprecated
        protected WriteSupport<@Nullable Object[]> getWriteSupport(Configuration conf) {
            throw new UnsupportedOperationException("Not a Hadoop job");
        }
    }

    private final class Rows extends WriteSupport<@Nullable Object[]> {

        private @Nullable RecordConsumer to;

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(
                    new MessageType(
                            "row", columns.stream().map(ParquetColumn::type).toArray(Type[]::new)),
                    Map.of());
        }

        @Override
        @Deprecated
        public WriteContext init(Configuration configuration) {
            throw new UnsupportedOperationException("Not a Hadoop job");
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            to = recordConsumer;
        }

        @Override
        public void write(@Nullable Object[] row) {
            RecordConsumer consumer = Objects.requireNonNull(to);
            consumer.startMessage();
            for (int i = 0; i < row.length; i++) {
                columns.get(i).write(consumer, i, row[i]);
            }
            consumer.endMessage();
        }

        @Override
        public FinalizedWriteContext finalizeWrite() {
            return new FinalizedWriteContext(Map.of(END_OFFSET, Long.toString(endOffset)));
        }
    }

    /** The channel as Parquet's idea of a file; closing the stream leaves the channel open, to be read from. */
    private final class ChannelFile implements OutputFile {

        @Override
        public PositionOutputStream create(long blockSizeHint) {
            OutputStream out = RowFile.output(file);
            return new DelegatingPositionOutputStream(out) {
                @Override
                public long getPos() throws IOException {
                    out.flush();
                    return file.position();
                }
            };
        }

        @Override
        public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
            return create(blockSizeHint);
        }

        @Override
        public boolean supportsBlockSize() {
            return false;
        }

        @Override
        public long defaultBlockSize() {
            return 0;
        }
    }
}
