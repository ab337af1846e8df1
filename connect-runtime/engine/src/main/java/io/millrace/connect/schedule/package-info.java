/** When connectors run: cron expressions, alarms at their fires, and what is remembered of runs. */
@NullMarked
package io.millrace.connect.schedule;

import org.jspecify.annotations.NullMarked;
