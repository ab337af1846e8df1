package io.millrace.connect.rest;

import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.connect.cluster.ScheduleView;
import io.millrace.connect.schedule.Cron;
import io.millrace.connect.schedule.Missed;
import io.millrace.connect.schedule.Run;
import io.millrace.connect.schedule.Schedule;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** When connectors run. */
final class ScheduleRoutes {

    private final Supplier<Services> services;

    ScheduleRoutes(Supplier<Services> services) {
        this.services = services;
    }

    void route(Routes routes) {
        routes.on(Method.GET, "/v1/connectors/{name}/schedule", this::get)
                .on(Method.POST, "/v1/connectors/{name}/schedule/run", this::run);
    }

    private void get(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.OK_200, body(services.get().schedules().get(Paths.part(request, 2))));
    }

    private void run(ServerRequest request, ServerResponse response) {
        Json.send(response, Status.ACCEPTED_202, body(services.get().schedules().run(Paths.part(request, 2))));
    }

    static Map<String, Object> body(ScheduleView view) {
        Schedule schedule = view.schedule();
        Schedule.Window pauses = schedule.pauses();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("connector", view.connector());
        body.put("state", word(view.phase()));
        body.put("cron", text(schedule.runs()));
        body.put("timezone", schedule.zone().getId());
        body.put("misfire", schedule.misfire().text());
        body.put("idle_ms", schedule.idleMs());
        body.put("pause_cron", pauses == null ? null : pauses.begins().text());
        body.put("resume_cron", pauses == null ? null : pauses.ends().text());
        body.put("paused_until", text(view.pauseEnds()));
        body.put("next_run", text(view.nextRun()));
        body.put("run_due", view.state().due());
        body.put("refused_fires", view.state().refused());
        body.put("last_missed", missed(view.state().missed()));
        body.put("run", run(view.state().run()));
        body.put("last_run", run(view.state().last()));
        return body;
    }

    private static @Nullable Object missed(@Nullable Missed missed) {
        if (missed == null) {
            return null;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("time", text(missed.at()));
        body.put("reason", missed.obstacle().text());
        return body;
    }

    private static @Nullable Object run(@Nullable Run run) {
        if (run == null) {
            return null;
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("cause", word(run.cause()));
        body.put("started", text(run.started()));
        body.put("ended", text(run.ended()));
        body.put("outcome", word(run.outcome()));
        body.put("records", run.records());
        return body;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static @Nullable String text(@Nullable Cron cron) {
        return cron == null ? null : cron.text();
    }
}
