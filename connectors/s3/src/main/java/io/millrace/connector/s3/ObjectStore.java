package io.millrace.connector.s3;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * Where finished files live under names that carry their first offset.
 *
 * <p>What is stored is the truth about what has been delivered, so a name is given once: whoever stores a file under it
 * first has delivered these offsets, and everybody else goes on behind them.
 *
 * <p>Thread rule: {@link #publish} may run on several threads at once, for drafts of different partitions.
 *
 * <p>Errors: {@link RetriableException} when the same call may succeed later, {@link ConnectException} when somebody
 * has to repair something first.
 */
interface ObjectStore extends AutoCloseable {

    /** The key of the end offset where a store can keep it beside the file. */
    String END_OFFSET = "millrace-end-offset";

    /** The last offset that files of this partition account for; empty when there is no file. */
    OptionalLong lastOffset(ObjectNames names);

    /** An empty file to write; nobody sees it before it is published. */
    Draft draft(String name) throws IOException;

    /**
     * Stores a finished draft, durably and all at once, unless its name is taken. The draft is closed unless this
     * throws, so that the call can be made again.
     *
     * @param endOffset the last offset that the draft accounts for
     * @return the end offset of the file that has the name now: another one when another writer was first
     */
    long publish(Draft draft, long endOffset);

    @Override
    void close();

    /**
     * A file that is not published.
     *
     * @param name the name that it will have
     * @param path where it is, null when it has no name in the file system
     */
    record Draft(String name, FileChannel file, @Nullable Path path) {

        /** Removes the draft and all that it holds. */
        void discard() {
            try {
                file.close();
                if (path != null) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException e) {
                throw new ConnectException("Cannot remove the draft of " + name + ": " + e.getMessage(), e);
            }
        }
    }
}
