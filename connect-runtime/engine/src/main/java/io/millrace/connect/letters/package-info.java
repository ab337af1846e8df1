/** The dead letters of sinks: looked at, and given to their sink once more. */
@NullMarked
package io.millrace.connect.letters;

import org.jspecify.annotations.NullMarked;
