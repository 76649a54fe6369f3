package io.offboarder.revocation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.offboarder.event.EventType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which case a note is about.
 *
 * @param orgId null where the event does not name one
 * @param look 0 for the event itself, else which look after its end
 * @param released whether a person has let it through, after it was held
 */
public record NotedCase(
    String caseId, EventType type, @Nullable String orgId, int look, boolean released) {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Whether an attempt has noted what it was about to delete for this look at a case, and so may
   * have deleted it.
   *
   * @param notes of earlier attempts at the case's record
   */
  public static boolean isIn(List<byte[]> notes, String caseId, int look, boolean released) {
    return notes.stream()
        .flatMap(note -> read(note).stream())
        .anyMatch(
            noted ->
                noted.caseId().equals(caseId)
                    && noted.look() == look
                    && noted.released() == released);
  }

  /** What these bytes say; empty where no attempt at an event wrote them. */
  public static Optional<NotedCase> read(byte[] note) {
    try (JsonParser json = JSON.createParser(note)) {
      return read(json);
    } catch (IOException foreign) {
      return Optional.empty();
    }
  }

  /** Every instance reads every note, so what is to be deleted is passed over. */
  private static Optional<NotedCase> read(JsonParser json) throws IOException {
    String form = null;
    String caseId = null;
    EventType type = null;
    String orgId = null;
    int look = 0;
    boolean released = false;
    json.nextToken();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      switch (name) {
        case "type" -> form = json.getValueAsString();
        case "caseId" -> caseId = json.getValueAsString();
        case "kind" -> type = type(json.getValueAsString());
        case "orgId" -> orgId = json.getValueAsString();
        case "look" -> look = json.getValueAsInt();
        case "released" -> released = json.getValueAsBoolean();
        default -> json.skipChildren();
      }
    }
    return DeletionNote.TYPE.equals(form) && caseId != null && type != null
        ? Optional.of(new NotedCase(caseId, type, orgId, look, released))
        : Optional.empty();
  }

  private static @Nullable EventType type(@Nullable String word) {
    return Stream.of(EventType.values())
        .filter(type -> type.word().equals(word))
        .findFirst()
        .orElse(null);
  }
}
