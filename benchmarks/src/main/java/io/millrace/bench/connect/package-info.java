/** Broker and connect runtime together, side by side: what is measured, and in which order. */
@NullMarked
package io.millrace.bench.connect;

import org.jspecify.annotations.NullMarked;
