/** JMH: single operations of the log's kernel, as its owner loop does them. */
@NullMarked
package io.millrace.bench.micro;

import org.jspecify.annotations.NullMarked;
