package io.offboarder.webex.gate;

import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.SecretMask;
import io.offboarder.webex.http.Transport.HeldBackException;
import io.vertx.core.AsyncResult;
import java.util.function.Supplier;

/** How an attempt ended. */
sealed interface AttemptResult {

  /** It was not sent: while it waited for a connection, the gate closed. */
  record HeldBack() implements AttemptResult {}

  /** No whole answer came. */
  record NoAnswer(String reason) implements AttemptResult {}

  /** An answer came, good or bad. */
  record Answered(ApiResponse response) implements AttemptResult {}

  /**
   * What became of it.
   *
   * @param sentAs the tracking id that the request carried
   * @param mask asked where there are words that a secret could be in: an answer's tracking id is
   *     published, and may be anything that a request carried
   */
  static AttemptResult of(
      AsyncResult<ApiResponse> result, String sentAs, Supplier<SecretMask> mask) {
    if (result.succeeded()) {
      ApiResponse response = result.result();
      return new Answered(
          response.trackingId().equals(sentAs) ? response : response.maskedBy(mask.get()));
    }
    return result.cause() instanceof HeldBackException
        ? new HeldBack()
        : new NoAnswer(ErrorMessage.reason(result.cause(), mask.get()));
  }

  default HttpStatus status() {
    return this instanceof Answered answered
        ? new HttpStatus(answered.response().status())
        : HttpStatus.NONE;
  }
}
