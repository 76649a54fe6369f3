package io.offboarder.revocation;

import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.EventAttributes;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.event.Subject;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What every outcome of an event says about it.
 *
 * @param effectiveAt when it takes effect; null where it does not say
 * @param reason as the sender gave it, so that it can be shown; null where there was none
 */
public record EventSummary(
    EventAttributes attributes,
    Subject subject,
    @Nullable Instant effectiveAt,
    @Nullable String reason,
    RecordCoordinates coordinates) {

  static EventSummary of(OffboardingEvent event, RecordCoordinates coordinates) {
    return new EventSummary(
        event.attributes(),
        event.subject(),
        event.effective() == null ? null : event.effective().at(),
        event.reason(),
        coordinates);
  }

  static EventSummary of(Rejected rejected, RecordCoordinates coordinates) {
    return new EventSummary(rejected.attributes(), rejected.subject(), null, null, coordinates);
  }
}
