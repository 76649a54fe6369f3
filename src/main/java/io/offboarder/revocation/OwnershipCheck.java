package io.offboarder.revocation;

import io.offboarder.id.RestId;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.Person;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the flow from deleting what belongs to somebody else, should the API ever list it. Where a
 * person was asked for by id, an authorization with another id is somebody else's. Where a person
 * was asked for by e-mail address there is no id to compare with. Then all items of a list must
 * name the same person, and no other address may have stood for that person before; otherwise
 * nothing of the list is used.
 */
final class OwnershipCheck {
  /** Of a person asked for by id, what to compare by. */
  private final @Nullable String askedId;

  /** Of a person asked for by address. */
  private final @Nullable String askedAddress;

  private final KnownAddresses addresses;

  /** The id that was last made canonical, and what it was: a list is of one person as a rule. */
  private @Nullable String lastId;

  private String lastCanonical = "";
  private @Nullable String listed;
  private boolean mixed;

  OwnershipCheck(Person asked, KnownAddresses addresses) {
    this.askedId = asked instanceof Person.ById byId ? canonical(byId.personId()) : null;
    this.askedAddress = asked instanceof Person.ByEmail byEmail ? byEmail.personEmail() : null;
    this.addresses = addresses;
  }

  void listed(List<Authorization> authorizations) {
    if (askedAddress == null) {
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

  /**
   * Whether a list names a person who was named for another address before. To be asked before the
   * list is taken in; a list of several people is judged item by item.
   */
  boolean isNamedBefore(List<Authorization> authorizations) {
    if (askedAddress == null) {
      return false;
    }
    Set<String> people = new HashSet<>();
    for (Authorization authorization : authorizations) {
      if (authorization.personId() != null) {
        people.add(canonical(authorization.personId()));
      }
    }
    return people.size() == 1 && addresses.isAnothers(people.iterator().next(), askedAddress);
  }

  /** Why an authorization must be left alone; null where it may be deleted. */
  @Nullable String objection(Authorization authorization) {
    if (askedId != null) {
      return authorization.personId() == null || canonical(authorization.personId()).equals(askedId)
          ? null
          : "the API listed it for a person whom the event does not name, so it was left alone";
    }
    if (authorization.personId() == null) {
      return "the API listed it without a person, so nobody can tell whose it is; it was left"
          + " alone";
    }
    return mixed ? "the API listed it beside those of another person, so it was left alone" : null;
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
