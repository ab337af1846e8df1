package io.millrace.log.group;

/**
 * Makes member ids that no other coordinator of the cluster makes, now or after a restart, without drawing a random
 * number: the client's name, the broker's incarnation, the coordinator's partition, and a count.
 */
public final class MemberIds {

    private final String scope;
    private long made;

    /** @param incarnation unique to this run of this broker */
    public MemberIds(String incarnation, int partition) {
        this.scope = "-" + incarnation + "-" + partition + "-";
    }

    /** @param name the group instance id of a static member, the client id of a dynamic one */
    String next(String name) {
        return name + scope + made++;
    }
}
