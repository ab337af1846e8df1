package io.millrace.log.metadata;

import static io.millrace.log.metadata.CodecFields.readConfigs;
import static io.millrace.log.metadata.CodecFields.readString;
import static io.millrace.log.metadata.CodecFields.writeConfigs;
import static io.millrace.log.metadata.CodecFields.writeString;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.DataOutputStreamWritable;
import org.apache.kafka.common.protocol.Writable;

/**
 * Batches of metadata records as bytes.
 *
 * <pre>
 *   0        4         5                6
 *   | crc32c | version | count (varint) | count x (type | body) |
 * </pre>
 *
 * The checksum covers everything behind it; {@link CodecFields} has the parts of a body. A reader refuses a version or
 * a type that it does not know: records of a newer broker must not be half understood.
 */
public final class MetadataCodec {

    private static final byte VERSION = 1;
    private static final int CRC_BYTES = 4;

    private static final byte CLUSTER_NAMED = 1;
    private static final byte BROKER_REGISTERED = 2;
    private static final byte TOPIC_CREATED = 3;
    private static final byte PARTITIONS_ADDED = 4;
    private static final byte TOPIC_CONFIGURED = 5;
    private static final byte TOPIC_DELETED = 6;
    private static final byte PRODUCER_IDS_ALLOCATED = 7;

    private MetadataCodec() {}

    /** The batch as bytes, ready to be read from position 0. */
    public static ByteBuffer encode(List<MetadataRecord> records) {
        ByteArrayOutputStream collected = new ByteArrayOutputStream();
        Writable out = new DataOutputStreamWritable(new DataOutputStream(collected));
        out.writeInt(0);
        out.writeByte(VERSION);
        out.writeUnsignedVarint(records.size());
        records.forEach(record -> write(record, out));
        ByteBuffer bytes = ByteBuffer.wrap(collected.toByteArray());
        bytes.putInt(0, checksum(bytes.slice(CRC_BYTES, bytes.limit() - CRC_BYTES)));
        return bytes;
    }

    /**
     * Reads a batch from all remaining bytes of {@code bytes}.
     *
     * @throws IllegalArgumentException if the bytes are damaged or of a version this broker does not know
     */
    public static List<MetadataRecord> decode(ByteBuffer bytes) {
        if (bytes.remaining() < CRC_BYTES + 2) {
            throw new IllegalArgumentException("metadata batch of " + bytes.remaining() + " bytes is too short");
        }
        int stored = bytes.getInt(bytes.position());
        ByteBuffer body = bytes.slice(bytes.position() + CRC_BYTES, bytes.remaining() - CRC_BYTES);
        int actual = checksum(body.duplicate());
        if (stored != actual) {
            throw new IllegalArgumentException(
                    "metadata batch is damaged: checksum " + actual + ", expected " + stored);
        }
        byte version = body.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("metadata batch has version " + version + ", this broker reads "
                    + VERSION + ": start it with the release that wrote the data directory, or a newer one");
        }
        ByteBufferAccessor in = new ByteBufferAccessor(body);
        int count = in.readUnsignedVarint();
        List<MetadataRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(read(in));
        }
        return records;
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static void write(MetadataRecord record, Writable out) {
        switch (record) {
            case MetadataRecord.ClusterNamed(String clusterId) -> {
                out.writeByte(CLUSTER_NAMED);
                writeString(clusterId, out);
            }
            case MetadataRecord.BrokerRegistered broker -> {
                out.writeByte(BROKER_REGISTERED);
                out.writeInt(broker.broker());
                String host = broker.host();
                writeString(host == null ? "" : host, out);
                out.writeInt(broker.port());
            }
            case MetadataRecord.TopicCreated topic -> {
                out.writeByte(TOPIC_CREATED);
                out.writeUuid(topic.topic());
                writeString(topic.name(), out);
                writePartitions(topic.partitions(), out);
                writeConfigs(topic.configs(), out);
            }
            case MetadataRecord.PartitionsAdded added -> {
                out.writeByte(PARTITIONS_ADDED);
                out.writeUuid(added.topic());
                writePartitions(added.partitions(), out);
            }
            case MetadataRecord.TopicConfigured configured -> {
                out.writeByte(TOPIC_CONFIGURED);
                out.writeUuid(configured.topic());
                writeConfigs(configured.configs(), out);
            }
            case MetadataRecord.TopicDeleted(Uuid topic) -> {
                out.writeByte(TOPIC_DELETED);
                out.writeUuid(topic);
            }
            case MetadataRecord.ProducerIdsAllocated(long next) -> {
                out.writeByte(PRODUCER_IDS_ALLOCATED);
                out.writeLong(next);
            }
            case MetadataRecord.Setting setting -> SettingCodec.write(setting, out);
        }
    }

    private static MetadataRecord read(ByteBufferAccessor in) {
        byte type = in.readByte();
        return switch (type) {
            case CLUSTER_NAMED -> new MetadataRecord.ClusterNamed(readString(in));
            case BROKER_REGISTERED -> readBroker(in);
            case TOPIC_CREATED ->
                new MetadataRecord.TopicCreated(in.readUuid(), readString(in), readPartitions(in), readConfigs(in));
            case PARTITIONS_ADDED -> new MetadataRecord.PartitionsAdded(in.readUuid(), readPartitions(in));
            case TOPIC_CONFIGURED -> new MetadataRecord.TopicConfigured(in.readUuid(), readConfigs(in));
            case TOPIC_DELETED -> new MetadataRecord.TopicDeleted(in.readUuid());
            case PRODUCER_IDS_ALLOCATED -> new MetadataRecord.ProducerIdsAllocated(in.readLong());
            default -> readSetting(type, in);
        };
    }

    private static MetadataRecord readSetting(byte type, ByteBufferAccessor in) {
        MetadataRecord setting = SettingCodec.read(type, in);
        if (setting == null) {
            throw new IllegalArgumentException("metadata record of type " + type + " is not known to this broker");
        }
        return setting;
    }

    private static MetadataRecord readBroker(ByteBufferAccessor in) {
        int broker = in.readInt();
        String host = readString(in);
        return new MetadataRecord.BrokerRegistered(broker, host.isEmpty() ? null : host, in.readInt());
    }

    private static void writePartitions(List<PartitionState> partitions, Writable out) {
        out.writeUnsignedVarint(partitions.size());
        for (PartitionState partition : partitions) {
            out.writeInt(partition.leader());
            out.writeInt(partition.leaderEpoch());
            writeBrokers(partition.replicas(), out);
            writeBrokers(partition.isr(), out);
        }
    }

    private static List<PartitionState> readPartitions(ByteBufferAccessor in) {
        int count = in.readUnsignedVarint();
        List<PartitionState> partitions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            partitions.add(new PartitionState(in.readInt(), in.readInt(), readBrokers(in), readBrokers(in)));
        }
        return partitions;
    }

    private static void writeBrokers(List<Integer> brokers, Writable out) {
        out.writeUnsignedVarint(brokers.size());
        brokers.forEach(out::writeInt);
    }

    private static List<Integer> readBrokers(ByteBufferAccessor in) {
        int count = in.readUnsignedVarint();
        List<Integer> brokers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            brokers.add(in.readInt());
        }
        return brokers;
    }
}
