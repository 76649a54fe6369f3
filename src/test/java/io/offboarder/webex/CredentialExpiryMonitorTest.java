package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.offboarder.webex.credentials.ResolvedCredentials;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.GateListener;
import io.offboarder.webex.gate.GateSettings;
import io.offboarder.webex.gate.RequestGate;
import io.offboarder.webex.gate.SimulatedApi;
import io.offboarder.webex.gate.VirtualEventLoop;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@DisplayName("The watch over a token's expiry, in virtual time")
class CredentialExpiryMonitorTest {
  private final VirtualEventLoop loop = new VirtualEventLoop();
  private final SimulatedApi api = new SimulatedApi(loop, new Random(1));
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void stopListening() {
    logger().detachAppender(log);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(CredentialExpiryMonitor.class);
  }

  private CredentialExpiryMonitor watch() {
    ResolvedCredentials values = new ResolvedCredentials.Token("s3cret-access");
    TokenSource tokens = new TokenSource(loop, () -> Future.succeededFuture(values));
    RequestGate gate =
        new RequestGate(
            loop, new Random(2), GateSettings.defaults(), api, tokens, GateListener.NONE);
    CredentialExpiryMonitor watch = new CredentialExpiryMonitor(loop, gate, tokens);
    tokens.reread();
    watch.start();
    return watch;
  }

  private List<String> warnings() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  @DisplayName("asks now and then, and warns four days ahead, not before")
  void warnsInTime() {
    Instant expiry = loop.now().plus(Duration.ofDays(6));
    api.behaviour = any -> SimulatedApi.answer(200, "{\"exp\":" + expiry.toEpochMilli() + "}");
    CredentialExpiryMonitor watch = watch();
    loop.run(Duration.ofDays(1));
    assertThat(watch.expires()).isEqualTo(expiry);
    assertThat(api.asked).hasSizeBetween(3, 5);
    assertThat(warnings()).isEmpty();
    loop.run(Duration.ofDays(2));
    assertThat(warnings()).isNotEmpty().allMatch(line -> line.contains("access token expires at"));
    assertThat(warnings().get(0)).contains("in 9").doesNotContain("s3cret");
    watch.stop();
    int asked = api.asked.size();
    loop.run(Duration.ofDays(1));
    assertThat(api.asked).hasSize(asked);
  }

  @Test
  @DisplayName("takes a refusal for no news")
  void refused() {
    api.behaviour = any -> SimulatedApi.answer(404, "");
    CredentialExpiryMonitor watch = watch();
    loop.run(Duration.ofDays(1));
    assertThat(watch.expires()).isNull();
    assertThat(warnings()).isEmpty();
  }
}
