package io.offboarder.protection;

import io.offboarder.event.Execution;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who and what an event must leave alone: what the protected list names when it is asked, and the
 * app that the API is called with. From any thread.
 *
 * @param list the list in force; asked each time, because it may change while an event waits
 * @param ownClientId of the app whose credentials the API is called with; empty where that is not
 *     known; asked each time
 * @param execution whether anything may be touched at all
 */
public record Untouched(
    Supplier<ProtectedList> list, Supplier<Optional<String>> ownClientId, Execution execution) {
  /** Nobody and nothing. */
  public static final Untouched NOTHING = new Untouched(() -> ProtectedList.NONE, Optional::empty);

  /** What an event that is acted on must leave alone. */
  public Untouched(Supplier<ProtectedList> list, Supplier<Optional<String>> ownClientId) {
    this(list, ownClientId, Execution.REAL);
  }

  /** Whether an event about this subject must not be acted on. */
  public Optional<Protection> subject(Subject subject) {
    if (subject instanceof Person person) {
      return person(person);
    }
    return subject instanceof App app
        ? client(app.clientId(), null, app.applicationName())
        : Optional.empty();
  }

  private Optional<Protection> person(Person person) {
    return list.get()
        .person(person.personId() == null ? null : person.personId().value(), person.personEmail());
  }

  /** Whether the person with this id must not be touched; null stands for an id not known. */
  public Optional<Protection> person(@Nullable String personId) {
    return list.get().person(personId, null);
  }

  /**
   * Whether a client's authorizations must be left alone; null stands for what is not known.
   *
   * @param clientId the OAuth client id
   * @param applicationId the app's id of the REST API
   * @param applicationName the app's name, for people
   */
  public Optional<Protection> client(
      @Nullable String clientId, @Nullable String applicationId, @Nullable String applicationName) {
    return isOwn(clientId) || isOwn(applicationId)
        ? Optional.of(Protection.OWN_CLIENT)
        : list.get().client(clientId, applicationId, applicationName);
  }

  private boolean isOwn(@Nullable String id) {
    return id != null
        && ownClientId
            .get()
            .map(ProtectedList::comparableClient)
            .filter(ProtectedList.comparableClient(id)::equals)
            .isPresent();
  }
}
