package io.offboarder.webex.gate;

import io.offboarder.webex.credentials.EventLoop;
import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.limit.RetryAfterPause;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the way to the API, if anything: opens and closes the {@link CircuitBreaker},
 * and says so once, with what to do about it.
 */
final class OutageMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(OutageMonitor.class);

  private final EventLoop loop;
  private final CircuitBreaker circuitBreaker;
  private final Runnable onOver;
  private Instant since;

  /**
   * No trouble yet.
   *
   * @param onOver told when trouble is over
   */
  OutageMonitor(EventLoop loop, CircuitBreaker circuitBreaker, Runnable onOver) {
    this.loop = loop;
    this.circuitBreaker = circuitBreaker;
    this.onOver = onOver;
    this.since = loop.now();
  }

  /** The API works, whatever it answered. */
  void apiAnswered() {
    circuitBreaker.recordSuccess();
    if (circuitBreaker.cause() == Cause.OUTAGE) {
      end();
    }
  }

  /** A probe failed, or a request that was still under way when trouble began. */
  void probeFailed(Attempt attempt) {
    if (attempt.probe() && circuitBreaker.isOpen()) {
      circuitBreaker.probeFailed(loop.nanos());
    }
  }

  void credentialsRefused(Attempt attempt, String why) {
    probeFailed(attempt);
    begin(Cause.CREDENTIALS, why);
  }

  void begin(Cause cause, String words) {
    if (circuitBreaker.cause() == cause) {
      return;
    }
    since = loop.now();
    circuitBreaker.open(cause, words, loop.nanos());
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

  void end() {
    if (!circuitBreaker.isOpen()) {
      return;
    }
    Duration lasted = Duration.between(since, loop.now());
    LOG.info(
        "the API answers again after {} s; it was: {}",
        lasted.toMillis() / 1e3,
        circuitBreaker.reason());
    circuitBreaker.close();
    since = loop.now();
    onOver.run();
  }

  GateStatus status(
      RetryAfterPause pause,
      int inFlight,
      int waiting,
      int limit,
      double requestsPerSecond,
      boolean answered) {
    long now = loop.nanos();
    Cause cause = circuitBreaker.cause();
    boolean held = pause.isActive(now);
    GateStatus.State state;
    String words;
    if (cause != null) {
      state =
          cause == Cause.OUTAGE ? GateStatus.State.OUTAGE : GateStatus.State.CREDENTIALS_REFUSED;
      words = circuitBreaker.reason();
    } else if (held) {
      state = GateStatus.State.HELD;
      words = "the API asked for a pause";
    } else {
      state = GateStatus.State.OPEN;
      words = "requests go out";
    }
    Instant until = held ? loop.now().plusNanos(pause.until() - now) : null;
    return new GateStatus(
        state, words, since, until, inFlight, waiting, limit, requestsPerSecond, answered);
  }
}
