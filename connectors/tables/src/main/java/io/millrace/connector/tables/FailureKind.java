package io.millrace.connector.tables;

/** What a failure of the database asks for. */
public enum FailureKind {
    /** It may pass by itself (connection lost, deadlock, shutdown): connect again and repeat. */
    RETRY,
    /** A record is at fault (value out of range, constraint): find it, and set it aside. */
    RECORD,
    /** A human has to change something (password, permission, missing table): stop the task. */
    STOP
}
