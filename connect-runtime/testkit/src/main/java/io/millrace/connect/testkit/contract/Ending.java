package io.millrace.connect.testkit.contract;

/** How the life of a task ends at a kill point. */
public enum Ending {

    /** The process dies: nothing of the task is called any more. */
    DEATH,

    /** The runtime breaks off there, as after a failure of its own, and stops the task in good order. */
    STOP,

    /** The runtime has given the task up: its successor starts, and only then the old one is stopped. */
    ABANDONMENT
}
