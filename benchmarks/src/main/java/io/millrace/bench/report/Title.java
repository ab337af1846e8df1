package io.millrace.bench.report;

/**
 * What a report is about.
 *
 * @param name of its files, and of the command that writes it
 * @param heading of the page
 */
public record Title(String name, String heading) {}
