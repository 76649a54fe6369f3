package io.offboarder.policy;

import io.offboarder.event.AppDecommissioned;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.policy.Decision.Hold;
import io.offboarder.policy.PolicySettings.HoldSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Which events wait for a person. Pure and immutable. */
record Holds(HoldSettings settings) {

  /**
   * Why an event that would be acted on now has to wait; empty where it has not.
   *
   * @param arrivedAt when it reached Kafka, for one that does not say when it takes effect
   */
  Optional<Hold> of(OffboardingEvent event, Instant now, Instant arrivedAt) {
    Instant since = event.effective() == null ? arrivedAt : event.effective().at();
    Duration age = Duration.between(since, now);
    if (!settings.maxEventAge().isZero() && age.compareTo(settings.maxEventAge()) > 0) {
      return Optional.of(
          new Hold(
              "stale",
              (event.effective() == null ? "it reached Kafka at " : "it took effect at ")
                  + since
                  + ", longer ago than policy.max-event-age allows ("
                  + settings.maxEventAge().toHours()
                  + " h); what it asks for may no longer be meant"));
    }
    return settings.decommissions() && event instanceof AppDecommissioned
        ? Optional.of(
            new Hold(
                "needs_approval",
                "every decommission waits for a person (policy.decommissions-need-approval)"))
        : Optional.empty();
  }
}
