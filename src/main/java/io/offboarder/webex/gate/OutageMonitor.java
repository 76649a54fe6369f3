package io.offboarder.webex.gate;

import io.offboarder.webex.gate.CircuitBreaker.Cause;
import io.offboarder.webex.gate.CircuitBreaker.Failing;
import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the way to the API, if anything: opens and closes the {@link CircuitBreaker},
 * says once what is wrong and what to do about it, and lets everything go again when it is over.
 * Confined to the gate's thread, but for {@link #state}.
 */
final class OutageMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(OutageMonitor.class);

  /** The gate itself, among the callers. */
  private static final String GATE = "";

  /**
   * What is wrong since when.
   *
   * @param cause null where nothing is
   */
  record State(@Nullable Cause cause, String reason, Instant since) {}

  private final EventLoop loop;
  private final Throttling throttling;
  private final RequestQueue queue;
  private final CircuitBreaker circuitBreaker;
  private volatile State state;
  private boolean apiFound;

  OutageMonitor(
      EventLoop loop,
      RandomGenerator random,
      GateSettings settings,
      Throttling throttling,
      RequestQueue queue) {
    this.loop = loop;
    this.throttling = throttling;
    this.queue = queue;
    this.circuitBreaker = new CircuitBreaker(settings.probes(), random);
    this.state = new State(null, "", loop.now());
  }

  /** From any thread. */
  State state() {
    return state;
  }

  /**
   * Whether any answer has shown yet that the API is where it should be. Until then a 404 may mean
   * that every path is unknown there, and says nothing about what was asked for.
   */
  boolean isApiFound() {
    return apiFound;
  }

  /** The API did what was asked, or said that it may not be done. */
  void apiFound() {
    apiFound = true;
  }

  @Nullable Cause cause() {
    return state.cause();
  }

  /** Whether only probes may go. */
  boolean isOpen() {
    return cause() != null;
  }

  /** Whether an outage may just have begun. */
  boolean isSuspected() {
    return circuitBreaker.isSuspected();
  }

  /** When the next probe may go. */
  long nextProbe() {
    return circuitBreaker.nextProbe();
  }

  /** Something has changed that a probe should find out about at that instant. */
  void probeAt(long instant) {
    circuitBreaker.probeAt(instant);
  }

  /** The API works, even if it refused; an answer from before an outage does not end it. */
  void apiAnswered(Attempt attempt) {
    circuitBreaker.recordSuccess(attempt);
    if (cause() == Cause.OUTAGE && circuitBreaker.isNews(attempt)) {
      end();
    }
  }

  /** The API answered a request that it forbids: no failure of its own. */
  void apiForbids(Attempt attempt) {
    circuitBreaker.recordSuccess(attempt);
  }

  /** Counts a failure; true when the API has failed so often that this is an outage. */
  boolean recordFailure(RequestContext caller, Failing whose, Attempt attempt) {
    return circuitBreaker.recordFailure(caller.id(), whose, attempt, loop.nanos());
  }

  /** Whether so much fails in a row that only the {@link ApiProbe} tells what it means. */
  boolean isInDoubt() {
    return circuitBreaker.isInDoubt();
  }

  /**
   * A request of the gate's own failed.
   *
   * @param what failed: "the API fails", say
   */
  void ownRequestFailed(Attempt attempt, String what, String why) {
    boolean outage = circuitBreaker.recordFailure(GATE, Failing.GATE, attempt, loop.nanos());
    if (isOpen()) {
      probeFailed(attempt);
    } else if (outage) {
      begin(Cause.OUTAGE, what + ": " + why);
    }
  }

  /** An attempt failed while only probes may go. Others than probes went out before that. */
  void probeFailed(Attempt attempt) {
    if (attempt.probe()) {
      noProbe();
    }
  }

  /** What was to be a probe could not be sent, or it failed: the next one goes later. */
  void noProbe() {
    if (isOpen()) {
      circuitBreaker.probeFailed(loop.nanos());
    }
  }

  void credentialsRefused(Attempt attempt, String why) {
    probeFailed(attempt);
    begin(Cause.CREDENTIALS, why);
  }

  void begin(Cause cause, String reason) {
    if (cause() == cause) {
      return;
    }
    if (!isOpen()) {
      circuitBreaker.open(loop.nanos());
    }
    state = new State(cause, reason, loop.now());
    switch (cause) {
      case OUTAGE ->
          LOG.warn("{}; all requests wait; now and then one goes out to see if it is over", reason);
      case CREDENTIALS ->
          LOG.error(
              "{}; all requests wait; replace the credentials (no restart is needed where they are"
                  + " in files)",
              reason);
      case FORBIDDEN ->
          LOG.error(
              "{}; all requests wait; the token needs the scopes identity:tokens_read and"
                  + " identity:tokens_write and the role of a full, user or device admin",
              reason);
    }
  }

  /** The trouble is over. */
  void end() {
    if (!isOpen()) {
      return;
    }
    Duration lasted = Duration.between(state.since(), loop.now());
    LOG.info(
        "the API answers again after {} s; what was wrong: {}",
        lasted.toMillis() / 1e3,
        state.reason());
    circuitBreaker.close();
    state = new State(null, "", loop.now());
    throttling.restore();
    queue.requeueDelayed();
  }
}
