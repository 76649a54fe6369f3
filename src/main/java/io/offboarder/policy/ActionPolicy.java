package io.offboarder.policy;

import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.EffectiveTime;
import io.offboarder.event.OffboardingEvent;
import java.time.Instant;

/** Decides about an event right before it would be acted on. Immutable. */
public final class ActionPolicy {

  /** The decision at this moment. */
  public Decision decide(OffboardingEvent event, Instant now) {
    EffectiveTime effective = event.effective();
    return effective != null && effective.at().isAfter(now)
        ? new Decision.Refuse(notYet(effective, now))
        : new Decision.Act();
  }

  private static DecodeError notYet(EffectiveTime effective, Instant now) {
    return DecodeError.of(
        Code.EFFECTIVE_IN_FUTURE,
        effective.field(),
        "was " + effective.at() + ", which is later than now (" + now + ")",
        "a moment that has come; send the event again then");
  }
}
