package io.offboarder.revocation;

import io.offboarder.protection.Protection;
import io.offboarder.revocation.Outcome.Result;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.gate.Answer.CallSummary;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of one authorization that was listed. Confined to the flow's event loop. */
final class TrackedAuthorization {
  /**
   * As it was last listed; of one that an earlier attempt has noted and no list shows, as noted.
   */
  Authorization authorization;

  @Nullable Result result;
  boolean refusedForGood;

  /** The API said that it deleted it, or that it does not have it; its lists may still show it. */
  boolean answeredGone;

  int httpStatus;
  @Nullable String trackingId;
  int attempts;
  @Nullable Instant at;
  @Nullable String problem;

  /** What an earlier attempt was to delete it under; null if none was. */
  @Nullable String notedTrackingId;

  TrackedAuthorization(Authorization authorization) {
    this.authorization = authorization;
  }

  boolean isGone() {
    return result != null
        && result != Result.FAILED
        && result != Result.SPARED
        && result != Result.WOULD_BE_REVOKED;
  }

  boolean isSpared() {
    return result == Result.SPARED;
  }

  /** Leaves it alone, unless something was done about it before. */
  void spare(Protection why, Instant when) {
    if (!refusedForGood && !answeredGone) {
      result = Result.SPARED;
      problem = why.reason();
      at = when;
    }
  }

  void exchanged(CallSummary call) {
    httpStatus = call.status().code();
    trackingId = call.trackingId();
    at = call.at();
  }

  void refuse(String why, Instant when) {
    result = Result.FAILED;
    refusedForGood = true;
    problem = why;
    at = when;
  }
}
