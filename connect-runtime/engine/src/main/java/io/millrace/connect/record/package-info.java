/** What happens to one record between a connector and the log, and what is done when it cannot. */
@NullMarked
package io.millrace.connect.record;

import org.jspecify.annotations.NullMarked;
