package io.offboarder.event;

import io.offboarder.event.Subject.Person;
import io.offboarder.id.RestId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A person has left. With both an id and an e-mail address, the id is what the API is asked for.
 *
 * @param reason as HR gave it
 */
public record UserTerminated(
    EventAttributes attributes,
    Person subject,
    @Nullable EffectiveTime effective,
    @Nullable String reason,
    Execution execution,
    List<String> notes)
    implements OffboardingEvent {

  /** Copies the list. */
  public UserTerminated {
    notes = List.copyOf(notes);
  }

  /** An event that is to be acted on. */
  public UserTerminated(
      EventAttributes attributes,
      Person subject,
      @Nullable EffectiveTime effective,
      @Nullable String reason,
      List<String> notes) {
    this(attributes, subject, effective, reason, Execution.REAL, notes);
  }

  static UserTerminated read(EventAttributes attributes, JsonFields data, DecoderSettings settings)
      throws DecodeException {
    Identifier personId = data.restId("personId", RestId.PEOPLE);
    String personEmail = data.email("personEmail");
    if (personId == null && personEmail == null) {
      throw data.blankOrMissing("personId", "and personEmail were missing", "at least one of them");
    }
    Person person =
        new Person(personId, personEmail, data.shown().restId("orgId", RestId.ORGANIZATION));
    EffectiveTime effective = data.effectiveTime(settings.zone());
    String reason = data.shown().text("reason");
    return new UserTerminated(
        attributes, person, effective, reason, data.execution(), data.notes().list());
  }

  @Override
  public EventType type() {
    return EventType.USER_TERMINATED;
  }

  @Override
  public String key() {
    return subject.key();
  }
}
