/** Clients that cost next to nothing: requests are made once, and sent over a socket. */
@NullMarked
package io.millrace.bench.wire;

import org.jspecify.annotations.NullMarked;
