/** What {@code millrace bench} runs: JMH, and whole brokers side by side. */
@NullMarked
package io.millrace.bench;

import org.jspecify.annotations.NullMarked;
