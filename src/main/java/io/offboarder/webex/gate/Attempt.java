package io.offboarder.webex.gate;

import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Operation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at a request.
 *
 * @param token what it is sent with; null where the request carries none
 * @param probe whether it is let through to see if trouble is over
 * @param number 1 for a request's first attempt
 * @param trackingId that it is sent under
 * @param began nanoseconds of the {@code EventLoop}
 */
record Attempt(
    ApiRequest request,
    @Nullable String token,
    boolean probe,
    int number,
    String trackingId,
    long began) {

  private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);

  Operation operation() {
    return request.operation();
  }

  Duration took(long now) {
    return Duration.ofNanos(now - began);
  }

  /** Tells a listener how this attempt ended; a fault of the listener stops nothing. */
  void report(GateListener listener, HttpStatus status, long now) {
    try {
      listener.attempted(operation(), status, number, took(now));
    } catch (RuntimeException e) {
      LOG.error("a fault of Offboarder while it reported an attempt at {}", request, e);
    }
  }
}
