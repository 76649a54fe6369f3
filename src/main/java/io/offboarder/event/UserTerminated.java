package io.offboarder.event;

import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Subject.Person;
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
    @Nullable String reason)
    implements OffboardingEvent {

  static UserTerminated read(EventAttributes attributes, JsonFields data) throws DecodeException {
    String personId = data.id("personId");
    String personEmail = data.email("personEmail");
    if (personId == null && personEmail == null) {
      throw new DecodeException(
          Code.MISSING_MEMBER,
          data.prefix() + "personId",
          "and personEmail were missing",
          "at least one of them");
    }
    return new UserTerminated(
        attributes,
        new Person(personId, personEmail, data.id("orgId")),
        data.effectiveTime(),
        data.text("reason"));
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
