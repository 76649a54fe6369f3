package io.offboarder.revocation;

import io.offboarder.webex.Answer.Exchange;
import org.jspecify.annotations.Nullable;

/** Adds up what an event costs. Confined to the flow's event loop. */
final class UsageCount {
  private int requests;
  private int retries;
  private int throttled;
  private @Nullable String trackingId;

  void add(Exchange exchange) {
    requests += exchange.attempts();
    retries += exchange.attempts() - 1;
    throttled += exchange.throttled();
    trackingId = exchange.trackingId();
  }

  Outcome.Usage total() {
    return new Outcome.Usage(requests, retries, throttled, trackingId);
  }
}
