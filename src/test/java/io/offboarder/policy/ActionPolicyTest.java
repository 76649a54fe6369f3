package io.offboarder.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.EffectiveTime;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.Execution;
import io.offboarder.event.Identifier;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import io.offboarder.event.TraceContext;
import io.offboarder.event.UserTerminated;
import io.offboarder.policy.Decision.Act;
import io.offboarder.policy.Decision.Refuse;
import io.offboarder.policy.Decision.Schedule;
import io.offboarder.policy.Decision.Skip;
import io.offboarder.policy.PolicySettings.TimingSettings;
import io.offboarder.protection.ProtectedList;
import io.offboarder.protection.Untouched;
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
      policy(Duration.ZERO, Duration.ZERO, List.of("*.termination_cancelled", "hr.*"));

  @Test
  @DisplayName("an event that says nothing of its time is acted on, as is one whose time has come")
  void now() {
    assertThat(decide(event(null))).isInstanceOf(Act.class);
    assertThat(decide(event(NOW))).isInstanceOf(Act.class);
  }

  @Test
  @DisplayName("an event whose time is still to come is scheduled for that time, to the moment")
  void scheduled() {
    assertThat(decide(event(NOW.plusMillis(1))))
        .isEqualTo(new Schedule(NOW.plusMillis(1), "takes effect at 2026-11-23T12:00:00.001Z"));
    assertThat(decide(event(NOW.plus(Duration.ofDays(400))))).isInstanceOf(Schedule.class);
  }

  @Test
  @DisplayName("a time further ahead than anything is kept for is refused, in words that name both")
  void tooFar() {
    assertThat(decide(event(NOW.plus(Duration.ofDays(400)).plusSeconds(1))))
        .isInstanceOfSatisfying(
            Refuse.class,
            refuse -> {
              assertThat(refuse.error().code()).hasToString("effective_too_far");
              assertThat(refuse.error().field()).isEqualTo("data.effectiveAt");
              assertThat(refuse.error().message())
                  .contains("2027-12-28T12:00:01Z", "2026-11-23T12:00:00Z", "400 days");
            });
  }

  @Test
  @DisplayName("a moment that is ahead by no more than clocks are said to differ is now")
  void clockSkew() {
    ActionPolicy lenient = policy(Duration.ofMinutes(2), Duration.ZERO, List.of());
    assertThat(lenient.decide(event(NOW.plusSeconds(120)), NOW, Untouched.NOTHING))
        .isInstanceOf(Act.class);
    assertThat(lenient.decide(event(NOW.plusSeconds(121)), NOW, Untouched.NOTHING))
        .isInstanceOf(Schedule.class);
  }

  @Test
  @DisplayName("grace is added to a time that an event gives, and to nothing else")
  void grace() {
    ActionPolicy graceful = policy(Duration.ZERO, Duration.ofMinutes(30), List.of());
    Instant anHourAgo = NOW.minusSeconds(3_600);
    Instant tenMinutesAgo = NOW.minusSeconds(600);
    assertThat(graceful.decide(event(null), NOW, Untouched.NOTHING)).isInstanceOf(Act.class);
    assertThat(graceful.decide(event(anHourAgo), NOW, Untouched.NOTHING)).isInstanceOf(Act.class);
    assertThat(graceful.decide(event(tenMinutesAgo), NOW, Untouched.NOTHING))
        .isInstanceOfSatisfying(
            Schedule.class,
            schedule -> assertThat(schedule.due()).isEqualTo(NOW.plusSeconds(1_200)));
  }

  @ParameterizedTest
  @CsvSource({"involuntary, true", "Involuntary, true", "involuntary: fraud, false", "gone, false"})
  @DisplayName("a reason that is called immediate makes an event's time count for nothing")
  void immediateReasons(String reason, boolean immediate) {
    ActionPolicy strict =
        new ActionPolicy(
            new PolicySettings(
                new TimingSettings(
                    Duration.ZERO,
                    Duration.ofDays(1),
                    List.of("involuntary"),
                    Duration.ofDays(1),
                    List.of()),
                List.of(),
                null,
                Execution.REAL));
    OffboardingEvent event = event(NOW.plusSeconds(60), reason);
    assertThat(strict.decide(event, NOW, Untouched.NOTHING) instanceof Act).isEqualTo(immediate);
  }

  @Test
  @DisplayName("an event whose time has come by its case is acted on, also where that lies ahead")
  void whenDue() {
    assertThat(policy.decideWhenDue(event(NOW.plusSeconds(60)), Untouched.NOTHING))
        .isInstanceOf(Act.class);
  }

  @Test
  @DisplayName("our own app is never decommissioned, in either case of letters, and any other is")
  void ownClient() {
    OffboardingEvent event =
        new AppDecommissioned(
            EventAttributes.UNKNOWN,
            new App("C1", Identifier.of("org"), null),
            null,
            null,
            List.of());
    assertThat(policy.decide(event, NOW, own("C1")))
        .isInstanceOfSatisfying(
            Skip.class, skip -> assertThat(skip.code()).isEqualTo("own_client"));
    assertThat(policy.decide(event, NOW, own("c1"))).isInstanceOf(Skip.class);
    assertThat(policy.decide(event, NOW, own("C2"))).isInstanceOf(Act.class);
    assertThat(policy.decide(event, NOW, Untouched.NOTHING)).isInstanceOf(Act.class);
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
    return policy.decide(event, NOW, Untouched.NOTHING);
  }

  private static ActionPolicy policy(Duration skew, Duration grace, List<String> ignoredTypes) {
    TimingSettings usual = TimingSettings.defaults();
    return new ActionPolicy(
        new PolicySettings(
            new TimingSettings(skew, grace, List.of(), usual.maxDelay(), usual.secondLooks()),
            ignoredTypes,
            null,
            Execution.REAL));
  }

  private static Untouched own(String clientId) {
    return new Untouched(() -> ProtectedList.NONE, () -> Optional.of(clientId));
  }

  private static OffboardingEvent event(Instant effectiveAt) {
    return event(effectiveAt, null);
  }

  private static OffboardingEvent event(Instant effectiveAt, String reason) {
    EffectiveTime effective =
        effectiveAt == null ? null : new EffectiveTime(effectiveAt, "data.effectiveAt");
    return new UserTerminated(
        EventAttributes.UNKNOWN,
        new Person(Identifier.of("p1"), null, null),
        effective,
        reason,
        List.of());
  }
}
