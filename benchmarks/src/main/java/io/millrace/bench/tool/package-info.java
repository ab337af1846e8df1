/** Apache Kafka's own performance tools, each run as a process of its own. */
@NullMarked
package io.millrace.bench.tool;

import org.jspecify.annotations.NullMarked;
