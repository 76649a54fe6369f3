package io.offboarder.webex.gate;

import java.util.function.BooleanSupplier;

/**
 * On whose behalf a request is made: what the gate must know to be fair when requests have to wait.
 *
 * @param id of whatever is asked for; requests of one caller never crowd out those of another
 * @param priority which callers go first
 * @param listener told of every attempt at a request of this caller
 * @param wanted asked before a request is sent for the first time; where it says no, the request
 *     fails with {@link RequestCancelledException} instead
 */
public record RequestContext(
    String id, Priority priority, GateListener listener, BooleanSupplier wanted) {

  /** A caller that is told answers only. */
  public RequestContext(String id, Priority priority) {
    this(id, priority, GateListener.NONE, () -> true);
  }

  /** Which requests go first when requests have to wait; the first constant goes first. */
  public enum Priority {
    /** A person has left. */
    TERMINATION,
    /** An app is retired. */
    DECOMMISSION
  }
}
