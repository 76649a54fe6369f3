package io.offboarder.webex;

/**
 * On whose behalf a request is made: what the gate must know to be fair when requests have to wait.
 *
 * @param id of whatever is asked for; requests of one caller never crowd out those of another
 * @param urgency which callers go first
 * @param attempts told of every attempt at a request of this caller
 */
public record Caller(String id, Urgency urgency, GateListener attempts) {

  /** A caller that is told answers only. */
  public Caller(String id, Urgency urgency) {
    this(id, urgency, GateListener.NONE);
  }

  /** Which requests go first when requests have to wait; the first constant goes first. */
  public enum Urgency {
    /** A person has left. */
    TERMINATION,
    /** An app is retired. */
    DECOMMISSION
  }
}
