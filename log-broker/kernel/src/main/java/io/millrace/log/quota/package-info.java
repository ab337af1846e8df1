/** What clients may take of a broker: rates, and who is held to which; how many may connect. */
@NullMarked
package io.millrace.log.quota;

import org.jspecify.annotations.NullMarked;
