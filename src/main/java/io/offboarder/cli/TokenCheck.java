package io.offboarder.cli;

import io.offboarder.config.WebexConfig;
import io.offboarder.webex.AuthorizationsClient;
import io.offboarder.webex.WebexSettings;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.GateStatus;
import io.offboarder.webex.gate.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Whether the API lets us in, and for how long. */
final class TokenCheck {
  private final Vertx vertx;
  private final Clock clock;
  private final Duration patience;

  /**
   * A check.
   *
   * @param patience the client waits for an API that is away as long as it takes; a person does not
   */
  TokenCheck(Vertx vertx, Clock clock, Duration patience) {
    this.patience = patience;
    this.vertx = vertx;
    this.clock = clock;
  }

  /** What came out, in words for a person. */
  record CheckResult(boolean good, String words) {}

  /** Asks the API when our token expires. Blocks; not for an event loop. */
  CheckResult of(WebexConfig config) {
    WebexSettings settings = SettingsMapper.webex(config);
    AuthorizationsClient client = AuthorizationsClient.create(vertx, settings);
    Future<Answer<Instant>> asked =
        client.tokenExpiry(new RequestContext("check", RequestContext.Priority.TERMINATION));
    return verdict(client, config, asked.toCompletionStage().toCompletableFuture());
  }

  private CheckResult verdict(
      AuthorizationsClient client, WebexConfig config, CompletableFuture<Answer<Instant>> asked) {
    String url = config.baseUrl().toString();
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return verdict(url, asked.get(100, TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        GateStatus status = client.status();
        if (status.state() == GateStatus.State.CREDENTIALS_REFUSED
            || status.state() == GateStatus.State.OUTAGE
            || System.nanoTime() > deadline) {
          return new CheckResult(
              false,
              status.state() == GateStatus.State.OPEN
                  ? url + noAnswer(config)
                  : url + ": " + status.words());
        }
      } catch (ExecutionException e) {
        return new CheckResult(false, url + " cannot be asked: " + e.getCause().getMessage());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new CheckResult(false, "interrupted while waiting for " + url);
      }
    }
  }

  private String noAnswer(WebexConfig config) {
    URI asked = config.proxy().orElse(config.baseUrl());
    return ServerPort.of(asked).refuses()
        ? " cannot be asked: the connection is refused"
            + (config.proxy().isPresent() ? " by the proxy" : "")
        : " did not answer within " + Figures.time(patience);
  }

  private CheckResult verdict(String url, Answer<Instant> answer) {
    if (answer instanceof Answer.Refused<Instant> refused) {
      return new CheckResult(
          false,
          url
              + " refuses to say when our token expires: "
              + refused.refusal().message()
              + " ("
              + refused.refusal().code()
              + ", tracking id "
              + refused.call().trackingId()
              + ")");
    }
    Instant expiry = ((Answer.Done<Instant>) answer).value();
    Duration left = Duration.between(clock.instant(), expiry);
    return left.isNegative()
        ? new CheckResult(false, url + " says that our access token expired at " + expiry)
        : new CheckResult(
            true,
            url + " accepts us; the access token expires at " + expiry + ", in " + rough(left));
  }

  private static String rough(Duration left) {
    if (left.toDays() > 1) {
      return left.toDays() + " days";
    }
    return left.toHours() > 1 ? left.toHours() + " hours" : left.toMinutes() + " minutes";
  }
}
