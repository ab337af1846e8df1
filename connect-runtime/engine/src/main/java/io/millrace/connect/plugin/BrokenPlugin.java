package io.millrace.connect.plugin;

/**
 * A place of the plugin path that could not be read.
 *
 * @param location where
 * @param problem what is wrong, in one sentence
 */
public record BrokenPlugin(String location, String problem) {}
