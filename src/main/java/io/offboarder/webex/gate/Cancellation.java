package io.offboarder.webex.gate;

import java.util.function.BooleanSupplier;

/**
 * Whether somebody still waits for the work that requests are made for. One object belongs to one
 * piece of work and to all of its requests.
 *
 * <p>Once cancelled, work that has not had its first answer is not begun. Work that has begun is
 * finished as long as the API lets it. Where it would have to wait for the API (an outage, a long
 * pause, refused credentials), it ends. In each case the request fails with a {@link
 * RequestCancelledException}.
 *
 * <p>The condition is read on the gate's thread; what it reads may change on any.
 */
public final class Cancellation {

  private final BooleanSupplier cancelled;
  private boolean begun;

  private Cancellation(BooleanSupplier cancelled) {
    this.cancelled = cancelled;
  }

  /** Work that is always waited for. */
  public static Cancellation never() {
    return new Cancellation(() -> false);
  }

  /** Work that is cancelled from the moment that a condition holds. */
  public static Cancellation when(BooleanSupplier cancelled) {
    return new Cancellation(cancelled);
  }

  /** The API has answered a request: the work has begun. */
  void begin() {
    begun = true;
  }

  /** Whether a request may not be sent, because it would begin work that was cancelled. */
  boolean forbidsToBegin() {
    return !begun && isCancelled();
  }

  /** Whether nobody waits any more. */
  public boolean isCancelled() {
    return cancelled.getAsBoolean();
  }
}
