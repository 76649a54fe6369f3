package io.offboarder.webex.gate;

import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import java.time.Duration;

/**
 * Told of every attempt, for metrics. Called on the client's event loop: must be quick and must not
 * throw.
 */
public interface GateListener {

  /** Hears nothing. */
  GateListener NONE = (operation, status, attempt, took) -> {};

  /**
   * One attempt ended.
   *
   * @param status of its answer, if one came
   * @param attempt 1 for a request's first, more for a retry
   */
  void attempted(Operation operation, HttpStatus status, int attempt, Duration took);
}
