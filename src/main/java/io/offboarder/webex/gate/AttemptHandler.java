package io.offboarder.webex.gate;

import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.ErrorMessage;
import io.offboarder.webex.http.HttpStatus;
import io.offboarder.webex.http.ResponseParser.UnexpectedAnswerException;

/**
 * What an attempt was made for: a caller's request, the renewal of the token, the gate's own probe.
 * The {@link Dispatcher} calls {@link #ended} first and then, unless the attempt was held back, the
 * one method that fits the answer. Error messages hold no secret.
 */
interface AttemptHandler {

  /** The attempt is over, however it ended. */
  void ended(Attempt attempt, AttemptResult result);

  /**
   * The API did what was asked.
   *
   * @throws UnexpectedAnswerException if the answer is not the one that the API documents; the
   *     attempt has then failed
   */
  void succeeded(Attempt attempt, ApiResponse response) throws UnexpectedAnswerException;

  /** 429 or 423: everything waits. */
  void throttled(Attempt attempt, ErrorMessage error);

  /** 401. */
  void unauthorized(Attempt attempt, ErrorMessage error);

  /** 403. */
  void forbidden(Attempt attempt, ErrorMessage error);

  /** The API will not do it, however often it is asked. */
  void refused(Attempt attempt, HttpStatus status, ErrorMessage error);

  /** No answer, or none that is worth anything: it may go better the next time. */
  void failed(Attempt attempt, ErrorMessage error);

  /** Whether the one it was made for waits no longer. */
  default boolean isCancelled() {
    return false;
  }

  /** Ends what the attempt was made for; its answer will not be looked at. */
  default void abandon(RequestAbandonedException why) {}
}
