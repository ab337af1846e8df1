package io.millrace.connect.rest;

import io.millrace.connect.cluster.ConnectorService;
import io.millrace.connect.cluster.OffsetService;
import io.millrace.connect.cluster.PipelineService;
import io.millrace.connect.plugin.Plugins;

/**
 * What the routes serve.
 *
 * @param identity what the worker says of itself
 */
public record Services(
        ConnectorService connectors,
        OffsetService offsets,
        PipelineService pipelines,
        Plugins plugins,
        Identity identity) {

    /**
     * What the worker says of itself.
     *
     * @param version of this program
     * @param commit of its sources, or {@code unknown}
     * @param clusterId of the log
     */
    public record Identity(String version, String commit, String clusterId) {}
}
