package io.offboarder.bench.api;

import io.vertx.core.json.JsonObject;

/**
 * What one run asks of the API. The window that is measured opens after {@code warmEvents} events
 * or {@code warmMillis}, whichever comes first, and closes when all events are done or {@code
 * measureMillis} later. Where {@code warmMillis} is 0 it opens with the contender's process.
 *
 * @param people how many there are, numbered from 0
 * @param events how many events there will be
 * @param returning whether a person has something to revoke again once everything was verified
 *     gone, for runs in which people leave more than once
 * @param medianMillis of the time that an answer takes
 * @param p99Millis its 99th percentile; the time is fixed where that is not above the median
 * @param promptEvents until so many are done, answers come at once, so that a warm-up is short
 */
public record RunPlan(
    int people,
    int events,
    boolean returning,
    int medianMillis,
    int p99Millis,
    int promptEvents,
    int warmEvents,
    int warmMillis,
    int measureMillis) {

  /** As it travels. */
  public String json() {
    return new JsonObject()
        .put("people", people)
        .put("events", events)
        .put("returning", returning)
        .put("medianMillis", medianMillis)
        .put("p99Millis", p99Millis)
        .put("promptEvents", promptEvents)
        .put("warmEvents", warmEvents)
        .put("warmMillis", warmMillis)
        .put("measureMillis", measureMillis)
        .encode();
  }

  static RunPlan read(JsonObject json) {
    return new RunPlan(
        json.getInteger("people"),
        json.getInteger("events"),
        json.getBoolean("returning"),
        json.getInteger("medianMillis"),
        json.getInteger("p99Millis"),
        json.getInteger("promptEvents"),
        json.getInteger("warmEvents"),
        json.getInteger("warmMillis"),
        json.getInteger("measureMillis"));
  }
}
