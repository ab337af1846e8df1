/**
 * A source and a sink that do nothing, so that what is measured is what runs them. Packed into a jar of their own,
 * which both platforms load from their plugin path: nothing here knows more than Kafka Connect's public API.
 */
@NullMarked
package io.millrace.bench.plugin;

import org.jspecify.annotations.NullMarked;
