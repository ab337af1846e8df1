/** A sink that keeps current tables in a DuckDB file. */
@NullMarked
package io.millrace.connector.duckdb;

import org.jspecify.annotations.NullMarked;
