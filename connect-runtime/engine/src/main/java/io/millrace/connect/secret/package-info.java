/** Values that must not be read by whoever reads configs, statuses, logs or the data directory. */
@NullMarked
package io.millrace.connect.secret;

import org.jspecify.annotations.NullMarked;
