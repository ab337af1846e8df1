/** The replicated log of the cluster's metadata. */
@NullMarked
package io.millrace.log.server.metadata;

import org.jspecify.annotations.NullMarked;
