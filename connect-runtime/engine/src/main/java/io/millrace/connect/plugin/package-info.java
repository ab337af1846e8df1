/** Finds, isolates and configures plugins: connectors, converters, transforms, predicates. */
@NullMarked
package io.millrace.connect.plugin;

import org.jspecify.annotations.NullMarked;
