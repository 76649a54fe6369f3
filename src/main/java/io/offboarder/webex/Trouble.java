package io.offboarder.webex;

import io.offboarder.webex.Circuit.Cause;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the way to the API, if anything: opens and closes the {@link Circuit}, and
 * says so once, with what to do about it.
 */
final class Trouble {

  private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

  private final Loop loop;
  private final Circuit circuit;
  private final Runnable onOver;
  private Instant since;

  /**
   * No trouble yet.
   *
   * @param onOver told when trouble is over
   */
  Trouble(Loop loop, Circuit circuit, Runnable onOver) {
    this.loop = loop;
    this.circuit = circuit;
    this.onOver = onOver;
    this.since = loop.now();
  }

  /** The API works, whatever it answered. */
  void alive() {
    circuit.healthy();
    if (circuit.cause() == Cause.OUTAGE) {
      over();
    }
  }

  /** A probe failed, or a request that was still under way when trouble began. */
  void stillThere(Attempt attempt) {
    if (attempt.probe() && circuit.isOpen()) {
      circuit.probeFailed(loop.nanos());
    }
  }

  void credentialsRefused(Attempt attempt, String why) {
    stillThere(attempt);
    begin(Cause.CREDENTIALS, why);
  }

  void begin(Cause cause, String words) {
    if (circuit.cause() == cause) {
      return;
    }
    since = loop.now();
    circuit.open(cause, words, loop.nanos());
    switch (cause) {
      case OUTAGE -> LOG.warn("{}; all requests wait, one now and then goes out to see", words);
      case CREDENTIALS ->
          LOG.error(
              "{}; all requests wait; replace the credentials (no restart is needed where they are"
                  + " in files)",
              words);
      case FORBIDDEN ->
          LOG.error(
              "{}; all requests wait; the token needs the scopes identity:tokens_read and"
                  + " identity:tokens_write and the role of a full, user or device admin",
              words);
    }
  }

  void over() {
    if (!circuit.isOpen()) {
      return;
    }
    Duration lasted = Duration.between(since, loop.now());
    LOG.info(
        "the API answers again after {} s; it was: {}", lasted.toMillis() / 1e3, circuit.words());
    circuit.close();
    since = loop.now();
    onOver.run();
  }

  GateStatus status(
      Hold hold, int inFlight, int waiting, int limit, double requestsPerSecond, boolean answered) {
    long now = loop.nanos();
    Cause cause = circuit.cause();
    boolean held = hold.isHeld(now);
    GateStatus.State state;
    String words;
    if (cause != null) {
      state =
          cause == Cause.OUTAGE ? GateStatus.State.OUTAGE : GateStatus.State.CREDENTIALS_REFUSED;
      words = circuit.words();
    } else if (held) {
      state = GateStatus.State.HELD;
      words = "the API asked for a pause";
    } else {
      state = GateStatus.State.OPEN;
      words = "requests go out";
    }
    Instant until = held ? loop.now().plusNanos(hold.until() - now) : null;
    return new GateStatus(
        state, words, since, until, inFlight, waiting, limit, requestsPerSecond, answered);
  }
}
