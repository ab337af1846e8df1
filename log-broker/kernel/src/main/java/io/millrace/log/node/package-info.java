/** The whole broker as step code: events and time in, effects out. */
@NullMarked
package io.millrace.log.node;

import org.jspecify.annotations.NullMarked;
