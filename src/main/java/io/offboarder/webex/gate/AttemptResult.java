package io.offboarder.webex.gate;

import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.Transport.HeldBackException;
import io.vertx.core.AsyncResult;

/** How an attempt ended. */
sealed interface AttemptResult {

  /** It was not sent: while it waited for a connection, the gate closed. */
  record HeldBack() implements AttemptResult {}

  /** No whole answer came. */
  record NoAnswer(String reason) implements AttemptResult {}

  /** An answer came, good or bad. */
  record Answered(ApiResponse response) implements AttemptResult {}

  static AttemptResult of(AsyncResult<ApiResponse> result) {
    if (result.succeeded()) {
      return new Answered(result.result());
    }
    return result.cause() instanceof HeldBackException
        ? new HeldBack()
        : new NoAnswer(ErrorMessage.reason(result.cause()));
  }

  default HttpStatus status() {
    return this instanceof Answered answered
        ? new HttpStatus(answered.response().status())
        : HttpStatus.NONE;
  }
}
