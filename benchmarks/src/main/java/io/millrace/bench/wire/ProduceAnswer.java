package io.millrace.bench.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.protocol.Errors;

/**
 * Where the fields of an answer to a Produce request of one partition stand, behind its size.
 *
 * <pre>
 *  +--------------------+------------+-----------+-----------+----------------+-----------+-----------------+
 *  | Correlation id (4) | Topics (4) | Name (2+) | Parts (4) | Partition (4)  | Error (2) | Base offset (8) |
 *  +--------------------+------------+-----------+-----------+----------------+-----------+-----------------+
 * </pre>
 */
final class ProduceAnswer {

    private static final int NAME_AT = 4 + 4;

    private final int errorAt;

    ProduceAnswer(String topic) {
        this.errorAt = NAME_AT + 2 + topic.getBytes(StandardCharsets.UTF_8).length + 4 + 4;
    }

    static int correlationId(ByteBuffer answers, int at) {
        return answers.getInt(at);
    }

    Errors error(ByteBuffer answers, int at) {
        return Errors.forCode(answers.getShort(at + errorAt));
    }

    long baseOffset(ByteBuffer answers, int at) {
        return answers.getLong(at + errorAt + 2);
    }

    /** @throws IOException if it is not the answer to that request, or none that acknowledges it at that offset */
    void require(ByteBuffer answers, int at, int correlationId, long baseOffset) throws IOException {
        boolean good = correlationId(answers, at) == correlationId
                && error(answers, at) == Errors.NONE
                && baseOffset(answers, at) == baseOffset;
        if (!good) {
            throw new IOException("request %d was to be acknowledged at offset %d; the answer is to %d: %s, offset %d"
                    .formatted(
                            correlationId,
                            baseOffset,
                            correlationId(answers, at),
                            error(answers, at),
                            baseOffset(answers, at)));
        }
    }
}
