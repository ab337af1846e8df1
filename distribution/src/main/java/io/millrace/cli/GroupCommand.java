package io.millrace.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Consumer groups of the log: who reads, and how far behind. */
@Command(
        name = "group",
        description = "List, describe and delete consumer groups. A sink connector NAME is the group connect-NAME.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  millrace group list",
            "  millrace group describe connect-warehouse",
            "  millrace group delete old-readers"
        })
final class GroupCommand {

    @Command(description = "All groups with their state.", mixinStandardHelpOptions = true)
    void list(@Mixin LogAddress log) throws InterruptedException {
        Table table = new Table("GROUP", "PROTOCOL", "STATE");
        log.ask(admin -> {
            admin.listGroups().all().get().stream()
                    .sorted((a, b) -> a.groupId().compareTo(b.groupId()))
                    .forEach(group -> table.row(group.groupId(), protocol(group), state(group)));
            return table;
        });
        table.print(System.out);
    }

    private static String protocol(GroupListing group) {
        return group.protocol().isEmpty() ? "-" : group.protocol();
    }

    private static String state(GroupListing group) {
        return group.groupState().map(Object::toString).orElse("-");
    }

    @Command(description = "Members, committed offsets and lag of a group.", mixinStandardHelpOptions = true)
    void describe(@Mixin LogAddress log, @Parameters(paramLabel = "GROUP") String name) throws InterruptedException {
        log.ask(admin -> {
            ConsumerGroupDescription group = admin.describeConsumerGroups(List.of(name))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next();
            System.out.println("group " + name + ", " + group.groupState() + ", "
                    + group.members().size() + " members");
            offsets(admin, name).print(System.out);
            return group;
        });
    }

    private static Table offsets(Admin admin, String group) throws ExecutionException, InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed =
                new TreeMap<>((a, b) -> a.topic().equals(b.topic())
                        ? a.partition() - b.partition()
                        : a.topic().compareTo(b.topic()));
        committed.putAll(admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get());
        Map<TopicPartition, OffsetSpec> wanted = new TreeMap<>(((TreeMap<TopicPartition, ?>) committed).comparator());
        committed.keySet().forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        var ends = admin.listOffsets(wanted).all().get();
        Table table = new Table("TOPIC", "PARTITION", "COMMITTED", "END", "LAG");
        ends.forEach((partition, end) -> {
            long next = Objects.requireNonNull(committed.get(partition)).offset();
            table.row(partition.topic(), partition.partition(), next, end.offset(), end.offset() - next);
        });
        return table;
    }

    @Command(description = "Deletes a group and its offsets; it must have no members.", mixinStandardHelpOptions = true)
    void delete(@Mixin LogAddress log, @Parameters(paramLabel = "GROUP") String name) throws InterruptedException {
        log.ask(admin -> admin.deleteConsumerGroups(List.of(name)).all().get());
        System.out.println("deleted " + name);
    }
}
