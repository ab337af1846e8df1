/** A sink into tables of databases reached by JDBC: PostgreSQL. */
@NullMarked
package io.millrace.connector.jdbc;

import org.jspecify.annotations.NullMarked;
