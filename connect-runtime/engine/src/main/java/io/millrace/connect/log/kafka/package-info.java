/** The log over the Kafka protocol, by the official client. Nothing else touches that client. */
@NullMarked
package io.millrace.connect.log.kafka;

import org.jspecify.annotations.NullMarked;
