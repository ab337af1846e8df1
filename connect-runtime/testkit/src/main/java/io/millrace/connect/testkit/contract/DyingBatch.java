package io.millrace.connect.testkit.contract;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;

/** A batch in the middle of which the process of its reader dies, as far as that can be shown from outside. */
final class DyingBatch extends AbstractCollection<SinkRecord> {

    private final List<SinkRecord> records;
    private final int lastPass;
    private int passes;
    private boolean dead;

    /**
     * @param lastPass the reader dies when it goes through the batch for so many times, from 1
     */
    DyingBatch(List<SinkRecord> records, int lastPass) {
        this.records = records;
        this.lastPass = lastPass;
    }

    /** The end of everything, which nobody is to survive. */
    private static final class Death extends Error {
        private static final long serialVersionUID = 1;
    }

    boolean isDead() {
        return dead;
    }

    @Override
    public int size() {
        return records.size();
    }

    @Override
    public Iterator<SinkRecord> iterator() {
        passes++;
        boolean last = passes >= lastPass;
        Iterator<SinkRecord> each = records.iterator();
        return new Iterator<>() {
            private int given;

            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public SinkRecord next() {
                if (last && given >= records.size() / 2) {
                    dead = true;
                    throw new Death();
                }
                given++;
                return each.next();
            }
        };
    }
}
