package io.offboarder.revocation;

import io.offboarder.protection.Untouched;
import io.offboarder.webex.gate.Cancellation;
import io.offboarder.webex.gate.GateListener;
import io.vertx.core.Future;

/**
 * What accompanies an event on its way to an outcome.
 *
 * @param coordinates where its record was read
 * @param log how log lines name it
 * @param listener told of every attempt at a request that is made for it
 * @param cancellation where the event is cancelled before the first answer, or would have to wait
 *     for the API after that, there is no outcome
 * @param untouched who and what it must leave alone
 * @param urgency how soon its requests are sent when requests have to wait
 * @param notes where it is written down what is about to be deleted
 * @param released completes, on any thread, once nothing is held for its record any more; the same
 *     object for all events of a record
 */
public record EventContext(
    RecordCoordinates coordinates,
    EventLog log,
    GateListener listener,
    Cancellation cancellation,
    Untouched untouched,
    Urgency urgency,
    CaseNotes notes,
    Future<?> released) {

  /** How soon an event's requests are sent when requests have to wait. */
  public enum Urgency {
    /** It takes effect at once. */
    NOW,
    /** It has waited for its time. */
    SCHEDULED,
    /** It is done, and looked at once more. */
    SECOND_LOOK
  }
}
