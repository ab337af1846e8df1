package io.millrace.connect.rest;

import io.helidon.webserver.http.HttpService;

/**
 * Routes that a program adds to the worker's REST interface.
 *
 * @param path below which they lie, such as {@code /v1/sql}
 * @param service the routes
 */
public record RestExtension(String path, HttpService service) {}
