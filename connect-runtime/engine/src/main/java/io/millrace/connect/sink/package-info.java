/** From the log to a sink task, one class a stage. */
@NullMarked
package io.millrace.connect.sink;

import org.jspecify.annotations.NullMarked;
