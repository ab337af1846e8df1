package io.millrace.connector.s3;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Compresses pages of Parquet files by the compression libraries themselves, where parquet-hadoop goes through Hadoop.
 */
final class ParquetCodec implements CompressionCodecFactory {

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        return new BytesInputCompressor() {
            @Override
            public BytesInput compress(BytesInput bytes) throws IOException {
                return ParquetCodec.compress(codec, bytes);
            }

            @Override
            public CompressionCodecName getCodecName() {
                return codec;
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("This connector only writes");
    }

    @Override
    public void release() {}

    private static BytesInput compress(CompressionCodecName codec, BytesInput bytes) throws IOException {
        return switch (codec) {
            case UNCOMPRESSED -> bytes;
            case SNAPPY -> BytesInput.from(Snappy.compress(bytes.toInputStream().readAllBytes()));
            case ZSTD -> BytesInput.from(Zstd.compress(bytes.toInputStream().readAllBytes()));
            case GZIP -> {
                ByteArrayOutputStream compressed = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
                    bytes.writeAllTo(gzip);
                }
                yield BytesInput.from(compressed);
            }
            default -> throw new IllegalArgumentException("No codec " + codec);
        };
    }
}
