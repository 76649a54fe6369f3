package io.offboarder.policy;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.OffboardingEvent;
import java.time.Instant;
import java.util.Optional;

/** Decides about an event right before it would be acted on. Immutable. */
public final class ActionPolicy {
  private final Timing timing;
  private final Patterns ignoredTypes;

  /** A policy by these settings. */
  public ActionPolicy(PolicySettings settings) {
    this.timing = new Timing(settings.timing());
    this.ignoredTypes = Patterns.exactly(settings.ignoredTypes());
  }

  /**
   * The decision at this moment.
   *
   * @param ownClientId of the app whose credentials this service calls the API with; empty where
   *     that is not known
   */
  public Decision decide(OffboardingEvent event, Instant now, Optional<String> ownClientId) {
    Decision whenDue = decideWhenDue(event, ownClientId);
    return whenDue instanceof Decision.Act ? timing.decide(event, now).orElse(whenDue) : whenDue;
  }

  /** The same about an event whose time has come, whatever it says of that. */
  public Decision decideWhenDue(OffboardingEvent event, Optional<String> ownClientId) {
    if (event instanceof AppDecommissioned app
        && ownClientId.filter(app.subject().clientId()::equals).isPresent()) {
      return new Decision.Skip(
          "own_client",
          "this app is the one that Offboarder calls the API with: without its authorizations no"
              + " further event could be acted on");
    }
    return new Decision.Act();
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
