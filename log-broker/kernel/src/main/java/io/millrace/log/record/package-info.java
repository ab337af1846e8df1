/** Record batches of the Kafka protocol, version 2, as they are sent and stored. */
@NullMarked
package io.millrace.log.record;

import org.jspecify.annotations.NullMarked;
