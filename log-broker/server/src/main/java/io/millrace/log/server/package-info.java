/** A whole broker: its composition root, its configuration, and how it starts and stops. */
@NullMarked
package io.millrace.log.server;

import org.jspecify.annotations.NullMarked;
