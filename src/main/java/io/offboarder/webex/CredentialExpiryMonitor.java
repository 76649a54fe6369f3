package io.offboarder.webex;

import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.RequestContext;
import io.offboarder.webex.gate.RequestGate;
import io.offboarder.webex.http.ApiRequest;
import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns while there is time: about an access token that nobody renews, by asking the API when it
 * expires, and about a refresh token, by what the API said with the last renewal. An access token
 * that we renew ourselves needs no warning.
 */
final class CredentialExpiryMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(CredentialExpiryMonitor.class);

  /** Not at once: the first requests after a start are somebody's. */
  private static final Duration FIRST = Duration.ofMinutes(1);

  private static final Duration EVERY = Duration.ofHours(6);

  /** Longer than a weekend. */
  private static final Duration AHEAD = Duration.ofDays(4);

  private final RequestContext own =
      new RequestContext("expiry", RequestContext.Priority.DECOMMISSION);
  private final EventLoop loop;
  private final RequestGate gate;
  private final TokenSource tokens;
  private EventLoop.@Nullable Timer timer;
  private volatile @Nullable Instant expires;

  CredentialExpiryMonitor(EventLoop loop, RequestGate gate, TokenSource tokens) {
    this.loop = loop;
    this.gate = gate;
    this.tokens = tokens;
  }

  void start() {
    timer = loop.after(FIRST, this::look);
  }

  /** When what nobody renews expires, as far as known. From any thread. */
  @Nullable Instant expires() {
    return expires;
  }

  void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void look() {
    timer = loop.after(EVERY, this::look);
    if (tokens.canRenew()) {
      Instant told = tokens.refreshTokenExpires();
      if (told != null) {
        warn("refresh token", told);
      }
    } else if (tokens.hasValues()) {
      gate.submit(own, ApiRequest.tokenExpiry(), AuthorizationResponses::tokenExpiry)
          .onSuccess(
              answer -> {
                // A refusal says nothing: which scope this operation needs is not documented.
                if (answer instanceof Answer.Done<Instant> done) {
                  warn("access token", done.value());
                }
              });
    }
  }

  private void warn(String what, Instant at) {
    expires = at;
    Duration left = Duration.between(loop.now(), at);
    if (left.compareTo(AHEAD) < 0) {
      LOG.warn(
          "the Webex {} expires at {} (in {} hours); replace it before that, or every revocation"
              + " waits from then on",
          what,
          at,
          Math.max(0, left.toHours()));
    }
  }
}
