package io.millrace.log.metadata;

import static io.millrace.log.metadata.CodecFields.readConfigs;
import static io.millrace.log.metadata.CodecFields.readString;
import static io.millrace.log.metadata.CodecFields.writeConfigs;
import static io.millrace.log.metadata.CodecFields.writeString;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Writable;
import org.jspecify.annotations.Nullable;

/** The records of {@link ClusterSettings} as bytes, for {@link MetadataCodec}. */
final class SettingCodec {

    private static final byte RESOURCE_CONFIGURED = 40;
    private static final byte CLIENT_QUOTA_SET = 41;
    private static final byte SCRAM_SECRET_SET = 42;

    private static final byte ABSENT = 0;
    private static final byte PRESENT = 1;

    private SettingCodec() {}

    static void write(MetadataRecord.Setting setting, Writable out) {
        switch (setting) {
            case MetadataRecord.ResourceConfigured configured -> {
                out.writeByte(RESOURCE_CONFIGURED);
                out.writeByte(configured.resource().type().id());
                writeString(configured.resource().name(), out);
                writeConfigs(configured.configs(), out);
            }
            case MetadataRecord.ClientQuotaSet quota -> {
                out.writeByte(CLIENT_QUOTA_SET);
                writeOptional(quota.entity().user(), out);
                writeOptional(quota.entity().clientId(), out);
                writeOptional(quota.entity().ip(), out);
                writeQuotas(quota.quotas(), out);
            }
            case MetadataRecord.ScramSecretSet scram -> {
                out.writeByte(SCRAM_SECRET_SET);
                writeString(scram.login().user(), out);
                out.writeByte(scram.login().mechanism().type());
                writeSecret(scram.secret(), out);
            }
        }
    }

    /** The record of type {@code type}, null if it is not one of these. */
    static MetadataRecord.@Nullable Setting read(byte type, ByteBufferAccessor in) {
        return switch (type) {
            case RESOURCE_CONFIGURED ->
                new MetadataRecord.ResourceConfigured(
                        new ConfiguredResource(ConfigResource.Type.forId(in.readByte()), readString(in)),
                        readConfigs(in));
            case CLIENT_QUOTA_SET ->
                new MetadataRecord.ClientQuotaSet(
                        new QuotaEntity(readOptional(in), readOptional(in), readOptional(in)), readQuotas(in));
            case SCRAM_SECRET_SET ->
                new MetadataRecord.ScramSecretSet(
                        new ScramLogin(readString(in), ScramMechanism.fromType(in.readByte())), readSecret(in));
            default -> null;
        };
    }

    private static void writeSecret(@Nullable ScramSecret secret, Writable out) {
        out.writeByte(secret == null ? ABSENT : PRESENT);
        if (secret != null) {
            writeString(secret.salt(), out);
            writeString(secret.storedKey(), out);
            writeString(secret.serverKey(), out);
            out.writeInt(secret.iterations());
        }
    }

    private static @Nullable ScramSecret readSecret(ByteBufferAccessor in) {
        return in.readByte() == ABSENT
                ? null
                : new ScramSecret(readString(in), readString(in), readString(in), in.readInt());
    }

    private static void writeOptional(@Nullable String text, Writable out) {
        out.writeByte(text == null ? ABSENT : PRESENT);
        if (text != null) {
            writeString(text, out);
        }
    }

    private static @Nullable String readOptional(ByteBufferAccessor in) {
        return in.readByte() == ABSENT ? null : readString(in);
    }

    private static void writeQuotas(Map<String, Double> quotas, Writable out) {
        out.writeUnsignedVarint(quotas.size());
        quotas.forEach((key, value) -> {
            writeString(key, out);
            out.writeDouble(value);
        });
    }

    private static Map<String, Double> readQuotas(ByteBufferAccessor in) {
        int count = in.readUnsignedVarint();
        Map<String, Double> quotas = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            quotas.put(readString(in), in.readDouble());
        }
        return quotas;
    }
}
