/** What every bench of two sides needs, whatever it runs: folders, meters, and the order of things. */
@NullMarked
package io.millrace.bench.run;

import org.jspecify.annotations.NullMarked;
