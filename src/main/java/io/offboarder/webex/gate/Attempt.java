package io.offboarder.webex.gate;

import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Operation;
import io.offboarder.webex.http.Transport;
import io.vertx.core.AsyncResult;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a request, under way or over.
 *
 * @param token what it was sent with
 * @param probe whether it was let through to see if trouble is over
 * @param began nanoseconds of the {@code EventLoop}
 */
record Attempt(ApiRequest request, @Nullable String token, boolean probe, long began) {

  /** Sends attempts; the gate, to those who decide what to send. */
  interface Sender {
    void send(
        ApiRequest request,
        @Nullable String token,
        boolean probe,
        String trackingId,
        int number,
        End end);
  }

  /** What an attempt's end leads to. */
  interface End {
    void accept(Attempt attempt, AsyncResult<ApiResponse> result);
  }

  static boolean isHeldBack(AsyncResult<ApiResponse> result) {
    return result.cause() instanceof Transport.HeldBackException;
  }

  Operation operation() {
    return request.operation();
  }
}
