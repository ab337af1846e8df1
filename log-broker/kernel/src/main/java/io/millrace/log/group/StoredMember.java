package io.millrace.log.group;

import java.nio.ByteBuffer;

/**
 * A member as it stands in the log.
 *
 * @param subscription its metadata for the group's protocol, opaque to the coordinator
 * @param assignment what the leader gave it, opaque to the coordinator
 */
record StoredMember(MemberIdentity identity, MemberTimeouts timeouts, ByteBuffer subscription, ByteBuffer assignment) {}
