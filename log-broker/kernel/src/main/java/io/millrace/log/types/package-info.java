/** The words that the packages above share. Immutable values only. */
@NullMarked
package io.millrace.log.types;

import org.jspecify.annotations.NullMarked;
