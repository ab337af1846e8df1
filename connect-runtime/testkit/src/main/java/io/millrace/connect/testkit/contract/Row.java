package io.millrace.connect.testkit.contract;

import org.jspecify.annotations.Nullable;

/**
 * A row as a contract compares it.
 *
 * @param table what it belongs to
 * @param key which of its rows it is
 * @param value what it holds; null when it was deleted
 */
public record Row(
        String table, @Nullable Object key, @Nullable Object value) {}
