/**
 * Connectors for tests of a runtime: they count and write lines, and on request they throw, block, or refuse for a
 * while. They know the Connect API alone, and are packed as a plugin like anybody's.
 */
@NullMarked
package io.millrace.connect.testkit;

import org.jspecify.annotations.NullMarked;
