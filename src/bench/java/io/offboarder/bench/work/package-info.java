/**
 * What every contender does for an event, in its plainest form: the event, the API's answer, the
 * outcome. Compiled once for each class path, so it needs Jackson and the JDK alone.
 */
package io.offboarder.bench.work;
