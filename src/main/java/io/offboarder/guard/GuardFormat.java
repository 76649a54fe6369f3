package io.offboarder.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.guard.GuardKey.Kind;
import io.offboarder.guard.GuardState.Trip;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What guards say to each other in the journal, as JSON: a reset or a trip that a person has asked
 * for, or what is tripped, said again now and then for those who did not read of it. Thread-safe.
 */
public final class GuardFormat {
  private final JsonMapper mapper = new JsonMapper();

  /** The bytes of a reset. */
  public byte[] write(GuardReset reset) {
    ObjectNode json = mapper.createObjectNode().put("reset", reset.id());
    if (reset.kind() != null) {
      json.put("kind", reset.kind().toString());
    }
    if (reset.org() != null) {
      json.put("org", reset.org());
    }
    return bytes(json);
  }

  /** The bytes of a trip by a person. */
  public byte[] write(GuardTrip trip) {
    ObjectNode json = mapper.createObjectNode().put("trip", trip.id());
    if (trip.kind() != null) {
      json.put("kind", trip.kind().toString());
    }
    return bytes(json);
  }

  /** The bytes of what is tripped. */
  public byte[] write(GuardState state) {
    ObjectNode json = mapper.createObjectNode().put("asOf", state.asOf());
    var trips = json.putArray("tripped");
    for (Trip trip : state.trips()) {
      trips
          .addObject()
          .put("kind", trip.key().kind().toString())
          .put("org", trip.key().org())
          .put("offset", trip.offset())
          .put("at", trip.at().toString());
    }
    return bytes(json);
  }

  private byte[] bytes(ObjectNode json) {
    try {
      return mapper.writeValueAsBytes(json);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }

  /**
   * Tells a guard what these bytes say; nothing where they say what this version does not know.
   *
   * @param offset in the journal
   * @param at when the journal took them in
   */
  public void read(byte[] bytes, long offset, Instant at, Guard guard) {
    try {
      JsonNode json = mapper.readTree(bytes);
      if (json.has("reset")) {
        guard.reset(offset, at, reset(json));
      } else if (json.has("trip")) {
        guard.trip(offset, at, new GuardTrip(json.path("trip").asText(), kind(json)));
      } else if (json.has("tripped")) {
        guard.learn(offset, at, state(json));
      }
    } catch (IOException | IllegalArgumentException | DateTimeException foreign) {
      // Of a later version; this one cannot count as that does.
    }
  }

  /** The trips that these bytes name; none where they say something else. */
  public List<Trip> trips(byte[] bytes) {
    try {
      JsonNode json = mapper.readTree(bytes);
      return json.has("tripped") ? state(json).trips() : List.of();
    } catch (IOException | IllegalArgumentException | DateTimeException foreign) {
      return List.of();
    }
  }

  private static GuardReset reset(JsonNode json) {
    return new GuardReset(json.path("reset").asText(), kind(json), text(json.path("org")));
  }

  private static GuardState state(JsonNode json) {
    List<Trip> trips = new ArrayList<>();
    for (JsonNode trip : json.path("tripped")) {
      trips.add(
          new Trip(
              new GuardKey(kind(trip.path("kind").asText()), trip.path("org").asText()),
              trip.path("offset").asLong(),
              Instant.parse(trip.path("at").asText())));
    }
    return new GuardState(json.path("asOf").asLong(), trips);
  }

  private static @Nullable Kind kind(JsonNode json) {
    JsonNode kind = json.path("kind");
    return kind.isMissingNode() ? null : kind(kind.asText());
  }

  private static Kind kind(String word) {
    return Kind.of(word)
        .orElseThrow(() -> new IllegalArgumentException("the guard knows no kind " + word));
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() ? node.asText() : null;
  }
}
