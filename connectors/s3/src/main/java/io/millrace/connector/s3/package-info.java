/** The sink for S3 stores and folders. */
@NullMarked
package io.millrace.connector.s3;

import org.jspecify.annotations.NullMarked;
