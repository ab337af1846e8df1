/**
 * What every connector promises, as tests: no row lost, and none twice where that is declared, wherever a task's life
 * ends. A runtime in one thread calls a task in the order of the real one, and ends it at each step that it knows.
 * Nothing here knows more than the Connect API.
 */
@NullMarked
package io.millrace.connect.testkit.contract;

import org.jspecify.annotations.NullMarked;
