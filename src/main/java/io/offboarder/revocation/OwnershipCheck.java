package io.offboarder.revocation;

import io.offboarder.id.RestId;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.Person;
import java.util.List;
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

  /** Made once for a person's ids in a row, because decoding costs. */
  private String canonical(String personId) {
    if (!personId.equals(lastId)) {
      lastCanonical = RestId.comparable(personId, RestId.PEOPLE);
      lastId = personId;
    }
    return lastCanonical;
  }
}
