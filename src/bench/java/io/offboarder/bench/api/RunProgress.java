package io.offboarder.bench.api;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * How a run stands.
 *
 * @param odd answers other than 200 and 204
 * @param firstRequestMicros 0 while there was none
 * @param opened the start of the measured window, once it was reached
 * @param closed its end, once it was reached
 */
public record RunProgress(
    int verified,
    long requests,
    int odd,
    int mostInFlight,
    long firstRequestMicros,
    @Nullable Checkpoint opened,
    @Nullable Checkpoint closed) {

  JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("verified", verified)
            .put("requests", requests)
            .put("odd", odd)
            .put("mostInFlight", mostInFlight)
            .put("firstRequestMicros", firstRequestMicros);
    if (opened != null) {
      json.put("opened", opened.json());
    }
    if (closed != null) {
      json.put("closed", closed.json());
    }
    return json;
  }

  /** As it arrives. */
  public static RunProgress read(String text) {
    JsonObject json = new JsonObject(text);
    return new RunProgress(
        json.getInteger("verified"),
        json.getLong("requests"),
        json.getInteger("odd"),
        json.getInteger("mostInFlight"),
        json.getLong("firstRequestMicros"),
        json.containsKey("opened") ? Checkpoint.read(json.getJsonObject("opened")) : null,
        json.containsKey("closed") ? Checkpoint.read(json.getJsonObject("closed")) : null);
  }
}
