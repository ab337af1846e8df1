/** The cluster as data: an immutable image, the records that change it, and the decisions that make records. */
@NullMarked
package io.millrace.log.metadata;

import org.jspecify.annotations.NullMarked;
