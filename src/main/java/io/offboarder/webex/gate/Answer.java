package io.offboarder.webex.gate;

import io.offboarder.webex.http.HttpStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the API answered one operation, after the retries it was worth. A refusal is a value, not an
 * exception, because what it means is the caller's decision: 404 on a delete is not 404 on a list.
 *
 * @param <T> what a successful answer carries
 */
public sealed interface Answer<T> {

  /** What was exchanged to get this answer. */
  CallSummary call();

  /** The API did what was asked. */
  record Done<T>(T value, CallSummary call) implements Answer<T> {}

  /** The API will not do what was asked, or could not within the attempts and the time allowed. */
  record Refused<T>(Refusal refusal, CallSummary call) implements Answer<T> {}

  /**
   * The trace an operation leaves.
   *
   * @param status of the last answer, if one came
   * @param trackingId of the last attempt: what Cisco's audit log knows the request by
   * @param attempts requests sent, at least 1
   * @param throttled how many of them were answered 429 or 423
   * @param at when the last answer arrived, or was given up on
   */
  record CallSummary(
      HttpStatus status, String trackingId, int attempts, int throttled, Instant at) {}

  /**
   * Why not.
   *
   * @param code a short stable word: {@code bad_request}, {@code forbidden}, {@code not_found},
   *     {@code gone}, {@code conflict}, {@code attempts_exhausted}, {@code unexpected_answer} …
   * @param message the API's own words where it had any, shortened; never a secret
   */
  record Refusal(HttpStatus status, String code, String message, @Nullable String detail) {

    /** Whether the API itself says that it does not know what was asked for. */
    public boolean isNotFound() {
      return code.equals("not_found");
    }

    /** Whether the API itself says that it does not know it, or no longer has it. */
    public boolean isGone() {
      return isNotFound() || code.equals("gone");
    }
  }
}
