package io.millrace.connect.record;

/** The version of this program. */
public final class OwnVersion {

    private OwnVersion() {}

    /** As its jar has it; from classes that no jar holds, that of the next release. */
    public static String text() {
        String version = OwnVersion.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version;
    }
}
