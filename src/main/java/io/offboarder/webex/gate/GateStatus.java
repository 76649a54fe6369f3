package io.offboarder.webex.gate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the way to the API stands; an immutable snapshot.
 *
 * @param words for a person: what is wrong and what to do about it, or that nothing is
 * @param since when this state began
 * @param until for {@link State#HELD}, the earliest instant of the next request
 * @param load how much goes out and how much waits
 * @param answered whether the API has given any answer yet that speaks for it and our credentials
 * @param unanswered what waits for the API's answer; null while nothing does
 */
public record GateStatus(
    State state,
    String words,
    Instant since,
    @Nullable Instant until,
    Load load,
    boolean answered,
    @Nullable Unanswered unanswered) {

  /**
   * Requests that were sent and not answered.
   *
   * @param oldest when the first of them was sent
   * @param since since when the API has answered nothing at all
   */
  public record Unanswered(Instant oldest, Instant since) {}

  /** What holds requests back, if anything. */
  public enum State {
    /** Nothing. */
    OPEN,
    /** A person has paused the service. */
    PAUSED,
    /** The API named a time before which it wants no request. */
    HELD,
    /** The API does not answer as it should; one probe goes out now and then. */
    OUTAGE,
    /** The API does not accept what we prove ourselves with, or lets us do nothing. */
    CREDENTIALS_REFUSED
  }

  /**
   * How much goes out and how much waits.
   *
   * @param inFlight requests sent and not yet answered
   * @param waiting requests that callers wait for and that are not in flight
   * @param limit requests that may be in flight now
   * @param requestsPerSecond the pace now; infinite where nothing bounds it
   */
  public record Load(int inFlight, int waiting, int limit, double requestsPerSecond) {}
}
