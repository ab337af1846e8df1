package io.millrace.log.metadata;

/** One change of the cluster's metadata, as it stands in the metadata log. */
public interface MetadataRecord {}
