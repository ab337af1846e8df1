package io.millrace.connect.rest;

import io.millrace.connect.cluster.Cluster;
import io.millrace.connect.cluster.ConnectorService;
import io.millrace.connect.cluster.OffsetService;
import io.millrace.connect.cluster.PipelineService;
import io.millrace.connect.cluster.PlanService;
import io.millrace.connect.cluster.ReplayService;
import io.millrace.connect.cluster.ScheduleService;
import io.millrace.connect.cluster.VersionService;
import io.millrace.connect.letters.LetterReplay;
import io.millrace.connect.letters.LetterService;
import io.millrace.connect.plugin.Plugins;
import io.millrace.connect.preview.PreviewService;

/**
 * What the routes serve.
 *
 * @param identity what the worker says of itself
 */
public record Services(Cluster cluster, PreviewService previews, Letters letters, Plugins plugins, Identity identity) {

    ConnectorService connectors() {
        return cluster.connectors();
    }

    OffsetService offsets() {
        return cluster.offsets();
    }

    ReplayService replays() {
        return cluster.replays();
    }

    ScheduleService schedules() {
        return cluster.schedules();
    }

    PipelineService pipelines() {
        return cluster.pipelines();
    }

    PlanService plans() {
        return cluster.plans();
    }

    VersionService versions() {
        return cluster.versions();
    }

    /**
     * The dead letters of sinks.
     *
     * @param box tells of them
     * @param replay gives them to their sinks once more
     */
    public record Letters(LetterService box, LetterReplay replay) {}

    /**
     * What the worker says of itself.
     *
     * @param version of this program
     * @param commit of its sources, or {@code unknown}
     * @param clusterId of the log
     */
    public record Identity(String version, String commit, String clusterId) {}
}
