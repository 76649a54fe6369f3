package io.offboarder.policy;

import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Rescinded;
import io.offboarder.protection.Untouched;
import java.time.Instant;
import java.util.Optional;

/** Decides about an event right before it would be acted on. Immutable. */
public final class ActionPolicy {
  private final Timing timing;
  private final Holds holds;
  private final Patterns ignoredTypes;

  /** A policy by these settings. */
  public ActionPolicy(PolicySettings settings) {
    this.timing = new Timing(settings.timing());
    this.holds = new Holds(settings.holds());
    this.ignoredTypes = Patterns.exactly(settings.ignoredTypes());
  }

  /**
   * The decision at this moment.
   *
   * @param untouched who and what is left alone
   */
  public Decision decide(OffboardingEvent event, Instant now, Untouched untouched) {
    Decision whenDue = decideWhenDue(event, untouched);
    return whenDue instanceof Decision.Act ? timing.decide(event, now).orElse(whenDue) : whenDue;
  }

  /** The same about an event whose time has come: its effectiveAt is not read. */
  public Decision decideWhenDue(OffboardingEvent event, Untouched untouched) {
    if (event instanceof Rescinded) {
      return new Decision.Act(); // It takes nothing from anybody.
    }
    return untouched
        .subject(event.subject())
        .<Decision>map(why -> new Decision.Skip(why.code(), why.reason()))
        .orElseGet(Decision.Act::new);
  }

  /**
   * What a decision to act comes to where the event has to wait for a person first; every other
   * decision stays as it is. Not to be asked about what a person has released, or what was done
   * before and is looked at again.
   *
   * @param arrivedAt when the event reached Kafka
   */
  public Decision unlessHeld(
      Decision decision, OffboardingEvent event, Instant now, Instant arrivedAt) {
    return decision instanceof Decision.Act && !(event instanceof Rescinded)
        ? holds.of(event, now, arrivedAt).<Decision>map(hold -> hold).orElse(decision)
        : decision;
  }

  /** Whether an event of a type that this service does not act on is passed over in silence. */
  public Optional<Decision.Skip> passOver(Rejected rejected) {
    String type = rejected.attributes().type();
    boolean ignored =
        rejected.error().code() == Code.UNKNOWN_TYPE && type != null && ignoredTypes.match(type);
    return ignored
        ? Optional.of(
            new Decision.Skip("ignored_type", "events of this type are ignored by configuration"))
        : Optional.empty();
  }
}
