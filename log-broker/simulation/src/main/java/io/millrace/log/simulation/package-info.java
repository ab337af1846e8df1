/** The world around the kernel, simulated in one thread from one seed, with its faults. On no production class path. */
@NullMarked
package io.millrace.log.simulation;

import org.jspecify.annotations.NullMarked;
