/** What the runtime needs of the log: {@link io.millrace.connect.log.LogClient} and its small vocabulary. */
@NullMarked
package io.millrace.connect.log;

import org.jspecify.annotations.NullMarked;
