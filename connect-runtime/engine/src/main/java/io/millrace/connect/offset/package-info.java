/** Which positions may be committed, and where they are kept. */
@NullMarked
package io.millrace.connect.offset;

import org.jspecify.annotations.NullMarked;
