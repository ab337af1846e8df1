/** What should run, kept in the log, and made to run here. */
@NullMarked
package io.millrace.connect.cluster;

import org.jspecify.annotations.NullMarked;
