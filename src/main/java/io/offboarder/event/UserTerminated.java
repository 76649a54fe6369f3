package io.offboarder.event;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A person has left. At least one of id and e-mail address is there; with both, the id is what the
 * API is asked for.
 *
 * @param orgId for the record only: the API finds a person without it
 * @param reason as HR gave it
 */
public record UserTerminated(
    EventAttributes attributes,
    @Nullable String personId,
    @Nullable String personEmail,
    @Nullable String orgId,
    @Nullable String reason)
    implements OffboardingEvent {

  /** Checks that the person is named. */
  public UserTerminated {
    if (personId == null && personEmail == null) {
      throw new IllegalArgumentException("neither personId nor personEmail");
    }
  }

  @Override
  public Subject subject() {
    return new Subject(personId, personEmail, null, orgId);
  }

  @Override
  public String key() {
    return Objects.requireNonNull(subject().key());
  }
}
