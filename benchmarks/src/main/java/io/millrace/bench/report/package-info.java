/** What was measured, held against the marks, and how it is told. */
@NullMarked
package io.millrace.bench.report;

import org.jspecify.annotations.NullMarked;
