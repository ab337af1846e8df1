/** Runs a connector's config for a moment, to see what it would do; nothing of it stays. */
@NullMarked
package io.millrace.connect.preview;

import org.jspecify.annotations.NullMarked;
