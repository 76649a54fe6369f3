package io.offboarder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.EffectiveTime;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.Identifier;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.TraceContext;
import io.offboarder.event.UserTerminated;
import io.offboarder.policy.Decision.Act;
import io.offboarder.policy.Decision.Refuse;
import io.offboarder.policy.Decision.Skip;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The decision about an event")
class ActionPolicyTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final ActionPolicy policy =
      new ActionPolicy(
          new PolicySettings(Duration.ofMinutes(2), List.of("*.termination_cancelled", "hr.*")));

  @Test
  @DisplayName("an event that says nothing of its time is acted on, as is one whose time has come")
  void now() {
    assertThat(decide(event(null))).isInstanceOf(Act.class);
    assertThat(decide(event(NOW))).isInstanceOf(Act.class);
  }

  @Test
  @DisplayName("an event whose time is still to come is refused, in words that name both times")
  void notYet() {
    assertThat(decide(event(NOW.plusSeconds(121))))
        .isInstanceOfSatisfying(
            Refuse.class,
            refuse -> {
              assertThat(refuse.error().code()).hasToString("effective_in_future");
              assertThat(refuse.error().field()).isEqualTo("data.effectiveAt");
              assertThat(refuse.error().message())
                  .contains("2026-11-23T12:02:01Z", "2026-11-23T12:00:00Z", "expected");
            });
  }

  @Test
  @DisplayName("a moment that is ahead by no more than two clocks may differ is now")
  void clockSkew() {
    assertThat(decide(event(NOW.plusSeconds(3)))).isInstanceOf(Act.class);
    assertThat(decide(event(NOW.plusSeconds(120)))).isInstanceOf(Act.class);
  }

  @Test
  @DisplayName("our own app is never decommissioned, and any other is")
  void ownClient() {
    OffboardingEvent event =
        new AppDecommissioned(
            EventAttributes.UNKNOWN,
            new App("C1", Identifier.of("org"), null),
            null,
            null,
            List.of());
    assertThat(policy.decide(event, NOW, Optional.of("C1")))
        .isInstanceOfSatisfying(
            Skip.class, skip -> assertThat(skip.code()).isEqualTo("own_client"));
    assertThat(policy.decide(event, NOW, Optional.of("c1"))).isInstanceOf(Act.class);
    assertThat(policy.decide(event, NOW, Optional.empty())).isInstanceOf(Act.class);
  }

  @ParameterizedTest
  @CsvSource({
    "com.example.employee.termination_cancelled, unknown_type, true",
    "hr.anything, unknown_type, true",
    "com.example.hr.anything, unknown_type, false",
    "hr.anything, missing_member, false",
  })
  @DisplayName("other services' events are passed over where their type is to be ignored")
  void ignoredTypes(String type, String code, boolean ignored) {
    EventAttributes attributes =
        new EventAttributes("e1", type, null, null, null, TraceContext.NONE);
    DecodeError error =
        DecodeError.of(Code.valueOf(code.toUpperCase(Locale.ROOT)), "type", "was odd", "another");
    Rejected rejected = new Rejected(attributes, Subject.UNKNOWN, error, List.of());
    assertThat(policy.passOver(rejected).isPresent()).isEqualTo(ignored);
  }

  private Decision decide(OffboardingEvent event) {
    return policy.decide(event, NOW, Optional.empty());
  }

  private static OffboardingEvent event(Instant effectiveAt) {
    EffectiveTime effective =
        effectiveAt == null ? null : new EffectiveTime(effectiveAt, "data.effectiveAt");
    return new UserTerminated(
        EventAttributes.UNKNOWN,
        new Person(Identifier.of("p1"), null, null),
        effective,
        null,
        List.of());
  }
}
