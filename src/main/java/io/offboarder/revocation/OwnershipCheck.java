package io.offboarder.revocation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.webex.Authorization;
import io.offboarder.webex.Person;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the flow from deleting what belongs to somebody else, should the API ever list it. Asked by
 * id, whatever carries another person's id is somebody else's. Asked by e-mail address, which names
 * no id to compare with, a list must at least be of one person.
 */
final class OwnershipCheck {
  private final @Nullable String asked;

  /** The id that was last made canonical, and what it was: a list is of one person as a rule. */
  private @Nullable String lastId;

  private String lastCanonical = "";
  private @Nullable String listed;
  private boolean mixed;

  OwnershipCheck(Person person) {
    asked = person instanceof Person.ById byId ? canonical(byId.personId()) : null;
  }

  void listed(List<Authorization> authorizations) {
    if (asked != null) {
      return;
    }
    for (Authorization authorization : authorizations) {
      if (authorization.personId() != null) {
        String person = canonical(authorization.personId());
        mixed |= listed != null && !listed.equals(person);
        listed = person;
      }
    }
  }

  boolean isAnothers(Authorization authorization) {
    if (authorization.personId() == null) {
      return false;
    }
    return asked == null ? mixed : !canonical(authorization.personId()).equals(asked);
  }

  /**
   * A REST id is the Base64 form of {@code ciscospark://<cluster>/PEOPLE/<uuid>}, padded or not,
   * and systems beside the REST API hand out the bare UUID. The UUID is what names the person.
   */
  private String canonical(String personId) {
    if (!personId.equals(lastId)) {
      lastCanonical = decoded(personId);
      lastId = personId;
    }
    return lastCanonical;
  }

  private static String decoded(String personId) {
    try {
      String padless = personId.replace("=", "").replace('+', '-').replace('/', '_');
      String text = new String(Base64.getUrlDecoder().decode(padless), UTF_8);
      int uuid = text.lastIndexOf("/PEOPLE/");
      if (text.startsWith("ciscospark://") && uuid > 0) {
        return text.substring(uuid + "/PEOPLE/".length()).toLowerCase(Locale.ROOT);
      }
    } catch (IllegalArgumentException notBase64) {
      return personId.toLowerCase(Locale.ROOT);
    }
    return personId.toLowerCase(Locale.ROOT);
  }
}
