/** Kafka Connect's REST interface, and ours under {@code /v1}. */
@NullMarked
package io.millrace.connect.rest;

import org.jspecify.annotations.NullMarked;
