package io.millrace.log.server.net;

import io.netty.util.ReferenceCountUtil;
import java.util.List;

/**
 * An answer as it goes over the wire: buffers and files in turn.
 *
 * @param parts owned; each is written or released
 * @param memoryBytes what the buffers among them hold
 * @param totalBytes length on the wire, its own length field included
 */
record EncodedReply(List<Object> parts, int memoryBytes, long totalBytes) {

    void release() {
        parts.forEach(ReferenceCountUtil::release);
    }
}
