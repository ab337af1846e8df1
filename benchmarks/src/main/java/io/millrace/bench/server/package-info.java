/** The brokers that are measured, each a process of its own. */
@NullMarked
package io.millrace.bench.server;

import org.jspecify.annotations.NullMarked;
