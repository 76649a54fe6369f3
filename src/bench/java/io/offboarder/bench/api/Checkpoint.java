package io.offboarder.bench.api;

import io.vertx.core.json.JsonObject;

/**
 * A moment of a run.
 *
 * @param atMicros on the wall clock
 * @param verified events of which the last list came back empty
 * @param requests answered
 * @param contenderCpuNanos processor time that the contender has used since it was started
 * @param apiCpuNanos that this API has used
 * @param brokerCpuNanos that the broker has used
 */
public record Checkpoint(
    long atMicros,
    int verified,
    long requests,
    long contenderCpuNanos,
    long apiCpuNanos,
    long brokerCpuNanos) {

  JsonObject json() {
    return new JsonObject()
        .put("atMicros", atMicros)
        .put("verified", verified)
        .put("requests", requests)
        .put("contenderCpuNanos", contenderCpuNanos)
        .put("apiCpuNanos", apiCpuNanos)
        .put("brokerCpuNanos", brokerCpuNanos);
  }

  static Checkpoint read(JsonObject json) {
    return new Checkpoint(
        json.getLong("atMicros"),
        json.getInteger("verified"),
        json.getLong("requests"),
        json.getLong("contenderCpuNanos"),
        json.getLong("apiCpuNanos"),
        json.getLong("brokerCpuNanos"));
  }
}
