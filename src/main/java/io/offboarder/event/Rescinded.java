package io.offboarder.event;

import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.Subject.Unnamed;
import io.offboarder.id.RestId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An earlier event is taken back: a mistake, or somebody stays after all. Names whom that event was
 * about, the event itself, or both.
 *
 * @param type which of the two kinds
 * @param subject whom the event was about; unnamed where the event itself is named alone
 * @param eventId the id of the event that is taken back; null for all about the subject
 * @param eventSource the source of that event, where ids are only unique with it; null for any
 * @param reason as the sender gave it
 */
public record Rescinded(
    EventType type,
    EventAttributes attributes,
    Subject subject,
    @Nullable String eventId,
    @Nullable String eventSource,
    @Nullable String reason,
    List<String> notes)
    implements OffboardingEvent {

  /** Checks that something is named, and copies the list. */
  public Rescinded {
    if (subject.key() == null && eventId == null) {
      throw new IllegalArgumentException("neither a subject nor an event");
    }
    notes = List.copyOf(notes);
  }

  static Rescinded termination(EventAttributes attributes, JsonFields data) throws DecodeException {
    Identifier personId = data.restId("personId", RestId.PEOPLE);
    String personEmail = data.email("personEmail");
    String eventId = eventId(data);
    if (personId == null && personEmail == null && eventId == null) {
      throw data.blankOrMissing(
          "personId", ", personEmail and eventId were missing", "at least one of them");
    }
    Identifier orgId = data.shown().restId("orgId", RestId.ORGANIZATION);
    Subject subject =
        personId == null && personEmail == null
            ? new Unnamed(orgId)
            : new Person(personId, personEmail, orgId);
    return rescinded(EventType.USER_TERMINATION_RESCINDED, attributes, subject, eventId, data);
  }

  static Rescinded decommission(EventAttributes attributes, JsonFields data)
      throws DecodeException {
    String clientId = data.id("clientId");
    String eventId = eventId(data);
    if (clientId == null && eventId == null) {
      throw data.blankOrMissing("clientId", "and eventId were missing", "at least one of them");
    }
    Identifier orgId = data.restId("orgId", RestId.ORGANIZATION);
    Subject subject =
        clientId == null
            ? new Unnamed(orgId)
            : new App(clientId, orgId, data.shown().text("applicationName"));
    return rescinded(EventType.APP_DECOMMISSION_RESCINDED, attributes, subject, eventId, data);
  }

  private static Rescinded rescinded(
      EventType type,
      EventAttributes attributes,
      Subject subject,
      @Nullable String eventId,
      JsonFields data)
      throws DecodeException {
    String source = data.has("eventSource") ? data.name("eventSource") : null;
    data.requireRealExecution();
    return new Rescinded(
        type,
        attributes,
        subject,
        eventId,
        source,
        data.shown().text("reason"),
        data.notes().list());
  }

  /** Read as the id of the event was that it names. */
  private static @Nullable String eventId(JsonFields data) throws DecodeException {
    return data.has("eventId") ? data.name("eventId") : null;
  }

  /** What it would take back, a dry run does not say. */
  @Override
  public Execution execution() {
    return Execution.REAL;
  }

  /** It takes effect when it is read. */
  @Override
  public @Nullable EffectiveTime effective() {
    return null;
  }

  @Override
  public String key() {
    String subjectKey = subject.key();
    return subjectKey != null ? subjectKey : Objects.requireNonNull(eventId);
  }
}
