package io.offboarder.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.Subject.Unnamed;
import io.offboarder.id.RestId;
import io.offboarder.text.Printable;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom or what an event seems to be about that was not understood, so that somebody can act by
 * hand. Nothing acts on it by itself.
 */
final class GlimpsedSubject {
  /**
   * The address in {@code mailto:ann@example.com} or {@code Ann <ann@example.com>}: a whole one,
   * between what may stand around it. A part of one is somebody else's.
   */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "(?<![^ \\r\\n\\t:;,<(\\[\"])[^\\s@:;,<>()\\[\\]\"\\\\\ufffd]+@"
              + "[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}._-]*(?![^ \\r\\n\\t;,>)\\]\"?])");

  private GlimpsedSubject() {}

  static Subject in(JsonNode members) {
    if (!(members instanceof ObjectNode object)) {
      return Subject.UNKNOWN;
    }
    JsonFields data = new JsonFields(object, "", new Notes());
    Identifier personId = orNull(() -> data.restId("personId", RestId.PEOPLE));
    String personEmail = email(data);
    String clientId = orNull(() -> data.id("clientId"));
    Identifier orgId = data.shown().restId("orgId", RestId.ORGANIZATION);
    if (personId != null || personEmail != null) {
      return new Person(personId, personEmail, orgId);
    }
    return clientId == null
        ? new Unnamed(orgId)
        : new App(clientId, orgId, data.shown().text("applicationName"));
  }

  private static @Nullable String email(JsonFields data) {
    String email = orNull(() -> data.email("personEmail"));
    String text = data.shown().optionalText("personEmail");
    if (email != null || text == null || text.length() > JsonFields.LONGEST_EMAIL) {
      return email;
    }
    List<String> within = ADDRESS.matcher(text).results().map(MatchResult::group).toList();
    return within.size() == 1 && Printable.isAllPrintable(within.get(0)) ? within.get(0) : null;
  }

  private interface Reading<T> {
    @Nullable T read() throws DecodeException;
  }

  private static <T> @Nullable T orNull(Reading<T> reading) {
    try {
      return reading.read();
    } catch (DecodeException notWellFormed) {
      return null;
    }
  }
}
