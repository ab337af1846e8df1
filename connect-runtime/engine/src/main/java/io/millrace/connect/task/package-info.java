/** Runs connectors and tasks, each on a thread of its own, and brings failed ones back. */
@NullMarked
package io.millrace.connect.task;

import org.jspecify.annotations.NullMarked;
