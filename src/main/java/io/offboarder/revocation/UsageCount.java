package io.offboarder.revocation;

import io.offboarder.webex.gate.Answer.CallSummary;
import org.jspecify.annotations.Nullable;

/** Adds up what an event costs. Confined to the flow's event loop. */
final class UsageCount {
  private int requests;
  private int retries;
  private int throttled;
  private @Nullable String trackingId;

  void add(CallSummary call) {
    requests += call.attempts();
    retries += call.attempts() - 1;
    throttled += call.throttled();
    trackingId = call.trackingId();
  }

  Outcome.Usage total() {
    return new Outcome.Usage(requests, retries, throttled, trackingId);
  }
}
