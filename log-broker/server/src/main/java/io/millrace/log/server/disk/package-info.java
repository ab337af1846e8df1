/** The kernel's disk over real files, and the lock on the data directory. */
@NullMarked
package io.millrace.log.server.disk;

import org.jspecify.annotations.NullMarked;
