package io.offboarder.policy;

import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.EffectiveTime;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.policy.PolicySettings.TimingSettings;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** When an event is acted on. Pure and immutable. */
final class Timing {
  private final TimingSettings settings;
  private final Patterns immediateReasons;

  Timing(TimingSettings settings) {
    this.settings = settings;
    this.immediateReasons = Patterns.inAnyCase(settings.immediateReasons());
  }

  /**
   * What its time has to say against acting on an event now; empty where it has nothing. An event
   * without a time of its own takes effect at once.
   */
  Optional<Decision> decide(OffboardingEvent event, Instant now) {
    EffectiveTime effective = event.effective();
    if (effective == null || isImmediate(event)) {
      return Optional.empty();
    }
    if (effective.at().isAfter(now.plus(settings.maxDelay()))) {
      return Optional.of(new Decision.Refuse(tooFar(effective, now)));
    }
    Instant due = due(effective);
    return due.isAfter(now.plus(settings.clockSkew()))
        ? Optional.of(new Decision.Schedule(due, reason(effective)))
        : Optional.empty();
  }

  private boolean isImmediate(OffboardingEvent event) {
    String reason = event.reason();
    return reason != null && immediateReasons.match(reason.strip());
  }

  /** The end of time is not to be added to. */
  private Instant due(EffectiveTime effective) {
    try {
      return effective.at().plus(settings.grace());
    } catch (DateTimeException | ArithmeticException e) {
      return effective.at();
    }
  }

  private String reason(EffectiveTime effective) {
    return "takes effect at "
        + effective.at()
        + (settings.grace().isZero() ? "" : ", and policy.grace adds " + settings.grace());
  }

  private DecodeError tooFar(EffectiveTime effective, Instant now) {
    return DecodeError.of(
        Code.EFFECTIVE_TOO_FAR,
        effective.field(),
        "was " + effective.at() + ", which is far ahead of now (" + now + ")",
        "a moment within the next "
            + settings.maxDelay().toDays()
            + " days (policy.max-delay); is the year right?");
  }
}
