/**
 * What sinks into tables share: from keyed change records to rows, tables that grow with the records, and offsets that
 * commit together with the rows. A database takes part through {@link io.millrace.connector.tables.Dialect}.
 */
@NullMarked
package io.millrace.connector.tables;

import org.jspecify.annotations.NullMarked;
