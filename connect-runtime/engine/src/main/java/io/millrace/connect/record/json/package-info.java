/** JSON with schemas, without reading or writing the same schema for every record. */
@NullMarked
package io.millrace.connect.record.json;

import org.jspecify.annotations.NullMarked;
