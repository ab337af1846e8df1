/** From a source task to the log, one class a stage. */
@NullMarked
package io.millrace.connect.source;

import org.jspecify.annotations.NullMarked;
