package io.offboarder.revocation;

import io.offboarder.event.Subject;
import io.offboarder.protection.Protection;
import io.offboarder.protection.Untouched;
import io.offboarder.webex.Authorization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of one list must be left alone, as the protected list stands at that moment. Where one
 * authorization of a client is spared, all of that client are: a refresh authorization takes its
 * access authorizations along, and not each of them need carry the app's name. Immutable.
 */
final class Sparing {
  /** Nothing is left alone. */
  static final Sparing NOTHING = new Sparing(null, Map.of());

  private final @Nullable Protection person;
  private final Map<Authorization, Protection> spared;

  private Sparing(@Nullable Protection person, Map<Authorization, Protection> spared) {
    this.person = person;
    this.spared = Map.copyOf(spared);
  }

  static Sparing of(Subject.Person subject, List<Authorization> listed, Untouched untouched) {
    Map<Authorization, Protection> spared = new HashMap<>();
    Map<String, Protection> clients = new HashMap<>();
    for (Authorization one : listed) {
      untouched
          .client(one.clientId(), one.applicationId(), one.applicationName())
          .ifPresent(
              protection -> {
                spared.put(one, protection);
                if (one.clientId() != null) {
                  clients.putIfAbsent(one.clientId(), protection);
                }
              });
    }
    for (Authorization one : listed) {
      Protection protection = one.clientId() == null ? null : clients.get(one.clientId());
      if (protection != null) {
        spared.putIfAbsent(one, protection);
      }
    }
    return new Sparing(person(subject, listed, untouched).orElse(null), spared);
  }

  /** By what the event says of the person, or else by the id that the list shows. */
  private static Optional<Protection> person(
      Subject.Person subject, List<Authorization> listed, Untouched untouched) {
    Optional<Protection> found = untouched.subject(subject);
    String asked = null;
    for (int i = 0; found.isEmpty() && i < listed.size(); i++) {
      String id = listed.get(i).personId();
      // All on a list are one person's, unless something is wrong.
      if (i == 0 || !Objects.equals(id, asked)) {
        found = untouched.person(id);
        asked = id;
      }
    }
    return found;
  }

  /** Why the person must not be touched at all; null where that is not so. */
  @Nullable Protection person() {
    return person;
  }

  /** Why an authorization is left alone; null where it may go. */
  @Nullable Protection reason(Authorization authorization) {
    return person != null ? person : spared.get(authorization);
  }
}
