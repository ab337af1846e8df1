package io.millrace.connect.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.impl.matchers.GroupMatcher;
import org.quartz.listeners.TriggerListenerSupport;
import org.quartz.simpl.RAMJobStore;
import org.quartz.simpl.SimpleThreadPool;

/**
 * Tells of the fires of schedules, by a scheduler of Quartz that keeps nothing: what was missed while it was away is
 * found out from what the log remembers. It is made for the first connector that has a schedule.
 *
 * <p><b>Threads.</b> Any. The listener is called on threads of Quartz, and must not block.
 */
public final class Alarms implements AutoCloseable {

    /** A fire that is so late has been missed. */
    private static final String LATE_MS = "60000";

    private final Listener listener;
    private @Nullable Scheduler scheduler;
    private boolean closed;

    /** What an alarm says. */
    public enum Kind {
        /** A run is to start. */
        RUN,
        /** A pause begins. */
        PAUSE,
        /** A pause ends. */
        RESUME
    }

    /** Told of fires. */
    @FunctionalInterface
    public interface Listener {

        /**
         * @param connector whose schedule it is
         * @param at when it should have fired
         * @param missed whether it fires too late to count, since the machine slept
         */
        void rang(String connector, Kind kind, Instant at, boolean missed);
    }

    public Alarms(Listener listener) {
        this.listener = listener;
    }

    /** Sets the alarms of a connector, in place of those that it had. */
    public synchronized void set(String connector, Schedule schedule) {
        remove(connector);
        if (closed) {
            return;
        }
        try {
            set(connector, Kind.RUN, schedule.runs());
            Schedule.Window pauses = schedule.pauses();
            if (pauses != null) {
                set(connector, Kind.PAUSE, pauses.begins());
                set(connector, Kind.RESUME, pauses.ends());
            }
        } catch (SchedulerException e) {
            throw failure("set the alarms of connector " + connector, e);
        }
    }

    private void set(String connector, Kind kind, @Nullable Cron cron) throws SchedulerException {
        if (cron == null || cron.next(Instant.now()).isEmpty()) {
            return;
        }
        Trigger trigger = TriggerBuilder.newTrigger()
                .withIdentity(kind.name(), connector)
                .withSchedule(cron.forTrigger().withMisfireHandlingInstructionDoNothing())
                .build();
        Date _ = opened().scheduleJob(
                        JobBuilder.newJob(Ring.class)
                                .withIdentity(kind.name(), connector)
                                .build(),
                        trigger);
    }

    /** Takes the alarms of a connector away. */
    public synchronized void remove(String connector) {
        if (scheduler == null) {
            return;
        }
        try {
            List<JobKey> all = new ArrayList<>(scheduler.getJobKeys(GroupMatcher.jobGroupEquals(connector)));
            boolean _ = scheduler.deleteJobs(all);
        } catch (SchedulerException e) {
            throw failure("take away the alarms of connector " + connector, e);
        }
    }

    private Scheduler opened() throws SchedulerException {
        if (scheduler == null) {
            Scheduler made = new StdSchedulerFactory(settings()).getScheduler();
            made.setJobFactory((fired, same) -> new Ring(this));
            made.getListenerManager().addTriggerListener(new Late());
            made.start();
            scheduler = made;
        }
        return scheduler;
    }

    private static Properties settings() {
        Properties settings = new Properties();
        // Quartz keeps the schedulers of a process by name.
        settings.setProperty(StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, "schedules-" + UUID.randomUUID());
        settings.setProperty(StdSchedulerFactory.PROP_SCHED_MAKE_SCHEDULER_THREAD_DAEMON, "true");
        settings.setProperty(StdSchedulerFactory.PROP_THREAD_POOL_CLASS, SimpleThreadPool.class.getName());
        settings.setProperty("org.quartz.threadPool.threadCount", "1");
        settings.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
        settings.setProperty(StdSchedulerFactory.PROP_JOB_STORE_CLASS, RAMJobStore.class.getName());
        settings.setProperty("org.quartz.jobStore.misfireThreshold", LATE_MS);
        return settings;
    }

    private void ring(Trigger trigger, @Nullable Date at, boolean missed) {
        Instant when = at == null ? Instant.now() : at.toInstant();
        listener.rang(trigger.getKey().getGroup(), Kind.valueOf(trigger.getKey().getName()), when, missed);
    }

    /** One fire. */
    private record Ring(Alarms alarms) implements Job {

        @Override
        public void execute(JobExecutionContext context) {
            alarms.ring(context.getTrigger(), context.getScheduledFireTime(), false);
        }
    }

    /** Hears of fires that Quartz leaves out. */
    private final class Late extends TriggerListenerSupport {

        @Override
        public String getName() {
            return "late";
        }

        @Override
        public void triggerMisfired(Trigger trigger) {
            ring(trigger, trigger.getNextFireTime(), true);
        }
    }

    private static IllegalStateException failure(String what, SchedulerException cause) {
        return new IllegalStateException("could not %s: %s".formatted(what, cause.getMessage()), cause);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (scheduler != null) {
            try {
                scheduler.shutdown(false);
            } catch (SchedulerException e) {
                throw failure("end the alarms", e);
            }
        }
    }
}
