package io.offboarder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.EffectiveTime;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.UserTerminated;
import io.offboarder.policy.Decision.Act;
import io.offboarder.policy.Decision.Refuse;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The decision about an event")
class ActionPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final ActionPolicy policy = new ActionPolicy();

  @Test
  @DisplayName("an event that says nothing of its time is acted on, as is one whose time has come")
  void now() {
    assertThat(policy.decide(event(null), NOW)).isInstanceOf(Act.class);
    assertThat(policy.decide(event(NOW), NOW)).isInstanceOf(Act.class);
  }

  @Test
  @DisplayName("an event whose time is still to come is refused, in words that name both times")
  void notYet() {
    assertThat(policy.decide(event(NOW.plusSeconds(1)), NOW))
        .isInstanceOfSatisfying(
            Refuse.class,
            refuse -> {
              assertThat(refuse.error().code()).hasToString("effective_in_future");
              assertThat(refuse.error().field()).isEqualTo("data.effectiveAt");
              assertThat(refuse.error().message())
                  .contains("2026-11-23T12:00:01Z", "2026-11-23T12:00:00Z", "expected");
            });
  }

  private static OffboardingEvent event(Instant effectiveAt) {
    EffectiveTime effective =
        effectiveAt == null ? null : new EffectiveTime(effectiveAt, "data.effectiveAt");
    return new UserTerminated(
        EventAttributes.UNKNOWN, new Person("p1", null, null), effective, null);
  }
}
