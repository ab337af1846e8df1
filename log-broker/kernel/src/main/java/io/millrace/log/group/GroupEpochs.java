package io.millrace.log.group;

import io.millrace.log.metadata.ClusterImage;

/** Moves a consumer group to its next epoch when its members or its topics have changed. */
final class GroupEpochs {

    private final ConsumerGroupSettings settings;

    GroupEpochs(ConsumerGroupSettings settings) {
        this.settings = settings;
    }

    /** Members have changed: targets are to be computed anew. */
    void next(ConsumerGroupDraft draft) {
        ConsumerGroup group = draft.group();
        write(draft, TopicsHash.of(group.topics(), settings.image()));
    }

    /** The next epoch, if the group's topics are others than when it was last looked at. */
    void nextIfTopicsChanged(ConsumerGroupDraft draft) {
        ConsumerGroup group = draft.group();
        ClusterImage image = settings.image();
        if (group.isCheckedFor(image)) {
            return;
        }
        long hash = TopicsHash.of(group.topics(), image);
        if (hash == group.topicsHash()) {
            group.checkedFor(image);
        } else {
            write(draft, hash);
        }
    }

    private static void write(ConsumerGroupDraft draft, long hash) {
        ConsumerGroup group = draft.group();
        draft.write(new ConsumerGroupRecord.Epoch(
                group.id(), new ConsumerGroupRecord.Epoch.Value(group.epoch() + 1, hash)));
        if (group.hasOldTopics()) {
            draft.write(new ConsumerGroupRecord.OldTopics(group.id(), true));
        }
    }
}
