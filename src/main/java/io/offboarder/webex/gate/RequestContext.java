package io.offboarder.webex.gate;

import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a request is made: what the gate must know to be fair when requests have to wait.
 *
 * @param id of the event or task that asks; requests of one never crowd out those of another
 * @param priority which callers go first
 * @param listener told of every attempt at a request of this caller
 * @param cancellation whether the caller still waits for its answers
 * @param trackingId that the first attempt carries; null for any. Each further one has its own
 */
public record RequestContext(
    String id,
    Priority priority,
    GateListener listener,
    Cancellation cancellation,
    @Nullable String trackingId) {

  /** A caller that needs no tracking id of its own. */
  public RequestContext(
      String id, Priority priority, GateListener listener, Cancellation cancellation) {
    this(id, priority, listener, cancellation, null);
  }

  /** A caller that sees answers only. */
  public RequestContext(String id, Priority priority) {
    this(id, priority, GateListener.NONE, Cancellation.never());
  }

  /** The same caller, for one request whose tracking id it knows beforehand. */
  public RequestContext trackedAs(String id) {
    return new RequestContext(this.id, priority, listener, cancellation, id);
  }

  /** Which requests go first when requests have to wait; the first constant goes first. */
  public enum Priority {
    /** A person has left, at once. */
    TERMINATION,
    /** A person has left, as was known before. */
    SCHEDULED_TERMINATION,
    /** An app is retired. */
    DECOMMISSION,
    /** What was done already is looked at again. */
    SECOND_LOOK
  }
}
