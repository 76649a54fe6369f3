package io.offboarder.cli;

import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * What tests of commands begin with: a sandbox, and the shared broker, on which each company has
 * topics that are named after it. A test class has one for all of its tests.
 */
final class CommandFixture implements BeforeAllCallback, AfterAllCallback {
  private final Vertx vertx = Vertx.vertx();
  private Topics topics;
  private WebexSandbox sandbox;

  @Override
  public void beforeAll(ExtensionContext context) {
    topics = new Topics(EmbeddedBroker.shared().bootstrapServers());
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    vertx.close().await();
  }

  Topics topics() {
    return topics;
  }

  WebexSandbox sandbox() {
    return sandbox;
  }

  /** A command that has this company's topics, and no credentials. */
  Invocation kafka(String company) {
    return new Invocation()
        .withKafka(EmbeddedBroker.shared().bootstrapServers())
        .with("OFFBOARDER_KAFKA_GROUP_ID", company)
        .with(
            "OFFBOARDER_KAFKA_INPUT_TOPICS",
            company + ".user-terminated," + company + ".app-decommissioned")
        .with("OFFBOARDER_KAFKA_OUTCOME_TOPIC", company + ".outcomes")
        .with("OFFBOARDER_KAFKA_DEAD_LETTER_TOPIC", company + ".dead-letters")
        .with("OFFBOARDER_KAFKA_CASE_TOPIC", company + ".cases")
        .with("OFFBOARDER_KAFKA_COMMAND_TOPIC", company + ".commands")
        .with("OFFBOARDER_KAFKA_JOURNAL_TOPIC", company + ".journal");
  }

  /** A command that has this company's topics, and the service's credentials. */
  Invocation service(String company) {
    return kafka(company)
        .with("OFFBOARDER_HTTP_PORT", "0")
        .with("OFFBOARDER_WEBEX_BASE_URL", sandbox.baseUrl().toString())
        .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", sandbox.settings().credentials().accessToken());
  }

  /** A port of this machine that was free a moment ago. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
