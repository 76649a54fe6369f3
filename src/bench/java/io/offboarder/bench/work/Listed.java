package io.offboarder.bench.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The API's answer to a list, as far as a contender needs it.
 *
 * @param size how many authorizations are live
 * @param refresh the id of the refresh authorization, if there is one
 */
public record Listed(int size, Optional<String> refresh) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Reads an answer's body. */
  public static Listed read(byte[] body) {
    try {
      JsonNode items = JSON.readTree(body).path("items");
      Optional<String> refresh = Optional.empty();
      for (JsonNode item : items) {
        if (item.path("type").asText().equals("refresh")) {
          refresh = Optional.of(item.path("id").asText());
        }
      }
      return new Listed(items.size(), refresh);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
