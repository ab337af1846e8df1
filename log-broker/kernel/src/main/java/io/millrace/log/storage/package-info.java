/** One partition's log on disk: segments, indexes, recovery, retention, producer state, leader epochs. */
@NullMarked
package io.millrace.log.storage;

import org.jspecify.annotations.NullMarked;
