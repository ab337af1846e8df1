/** Whole brokers side by side: what is measured, and in which order. */
@NullMarked
package io.millrace.bench.broker;

import org.jspecify.annotations.NullMarked;
