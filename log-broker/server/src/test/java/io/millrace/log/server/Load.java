package io.millrace.log.server;

/** One client of a {@link Workload}: works until it is told to stop, through whatever happens to the broker. */
interface Load {

    /** Runs on a thread of its own. */
    void run() throws Exception;

    /** Has {@link #run} end; what is under way is waited for. */
    void stop();

    /** Requests that the broker has confirmed so far. */
    long acknowledged();

    /** Holds what the broker has confirmed against what it gives now, after {@link #run} has ended. */
    Verdict check(HostPort address);
}
