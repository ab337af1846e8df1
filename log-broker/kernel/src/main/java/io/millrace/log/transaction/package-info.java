/** The transaction coordinator: which transactional ids there are, and how far the transaction of each has come. */
@NullMarked
package io.millrace.log.transaction;

import org.jspecify.annotations.NullMarked;
