package io.offboarder.bench.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** An event, as far as a contender needs it. */
public record Leaver(String eventId, String personId) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads a structured CloudEvent. */
  public static Leaver read(byte[] value) {
    try {
      JsonNode event = JSON.readTree(value);
      return new Leaver(event.path("id").asText(), event.path("data").path("personId").asText());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
