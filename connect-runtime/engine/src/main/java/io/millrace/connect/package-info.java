/** The runtime that hosts connectors: {@link io.millrace.connect.Worker} puts it together. */
@NullMarked
package io.millrace.connect;

import org.jspecify.annotations.NullMarked;
