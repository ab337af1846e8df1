package io.millrace.connect.cluster;

import java.util.Map;

/**
 * A connector as it may be shown: secrets are masked.
 *
 * @param config its config
 * @param taskCount how many tasks it has
 * @param type {@code source}, {@code sink}, or {@code unknown} while its plugin is not installed
 */
public record ConnectorView(String name, Map<String, String> config, int taskCount, String type) {}
