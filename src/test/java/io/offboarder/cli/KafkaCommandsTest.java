package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.sandbox.SandboxApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("The commands, on a real broker and a sandbox,")
class KafkaCommandsTest {
  @RegisterExtension private static final CommandFixture FIXTURE = new CommandFixture();

  @Test
  @DisplayName("check everything, a line for each")
  void check() {
    for (String topic : List.of("user-terminated", "app-decommissioned", "outcomes")) {
      FIXTURE.topics().create("s5." + topic, 2, Map.of());
    }
    FIXTURE.topics().create("s5.journal", 2, Map.of());
    FIXTURE.topics().create("s5.commands", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    Invocation oneMissing = FIXTURE.service("s5").run("check");
    assertThat(oneMissing.exitCode()).isEqualTo(1);
    assertThat(oneMissing.errors()).isEmpty();
    assertThat(oneMissing.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ok    configuration"),
            line -> assertThat(line).startsWith("ok    kafka").contains("1 broker in"),
            line -> assertThat(line).contains("s5.user-terminated has 2 partitions"),
            line -> assertThat(line).contains("s5.app-decommissioned has 2 partitions"),
            line -> assertThat(line).contains("s5.outcomes has 2 partitions"),
            line -> assertThat(line).startsWith("FAIL  topic").contains("s5.dead-letters does not"),
            line -> assertThat(line).startsWith("FAIL  topic").contains("s5.cases does not"),
            line -> assertThat(line).contains("s5.commands has 1 partition"),
            line -> assertThat(line).startsWith("warn  topic").contains("s5.commands keeps"),
            line -> assertThat(line).contains("s5.journal has 2 partitions"),
            line -> assertThat(line).startsWith("FAIL  topic").contains("more than one partition"),
            line -> assertThat(line).startsWith("FAIL  topic").contains("message.timestamp.type"),
            line ->
                assertThat(line)
                    .startsWith("warn  topic")
                    .contains("s5.app-decommissioned", "max.decompressed.message.bytes"),
            line -> assertThat(line).startsWith("warn  topic").contains("s5.user-terminated"),
            line ->
                assertThat(line)
                    .startsWith("warn  topic")
                    .contains("s5.commands", "ends every instance", "16777216"),
            line -> assertThat(line).startsWith("warn  topic").contains("s5.journal"),
            line -> assertThat(line).startsWith("ok    webex").contains("expires at"));

    FIXTURE.topics().create("s5.dead-letters", 1, Map.of());
    FIXTURE.topics().create("s5.cases", 2, Map.of());
    assertThat(FIXTURE.service("s5").run("check").lines())
        .anySatisfy(line -> assertThat(line).contains("s5.cases has more than one partition"))
        .anySatisfy(line -> assertThat(line).contains("s5.cases has a cleanup.policy with delete"));
    Invocation wrongCases = FIXTURE.service("s5").run("run");
    assertThat(wrongCases.exitCode()).isEqualTo(5);
    assertThat(wrongCases.errors()).hasSize(2);
    FIXTURE.topics().delete("s5.cases");
    FIXTURE.topics().create("s5.cases", 1, Map.of("cleanup.policy", "compact"));
    FIXTURE.topics().create("s5.ordered", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    assertThat(
            FIXTURE
                .service("s5")
                .with("OFFBOARDER_KAFKA_JOURNAL_TOPIC", "s5.ordered")
                .run("check")
                .exitCode())
        .isZero();

    Invocation refused =
        FIXTURE.service("s5").with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "wr0ng").run("check");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.lines()).last().asString().startsWith("FAIL  webex").doesNotContain("wr0ng");
  }

  @Test
  @DisplayName("check what the settings allow to check, and name the rest and refused ports")
  void checkSkips() throws IOException {
    Invocation wrong =
        new Invocation()
            .withKafka("nonsense")
            .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "t")
            .run("check");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("FAIL  configuration"),
            line -> assertThat(line).startsWith("skip  kafka").contains("no topic looked for"),
            line -> assertThat(line).startsWith("skip  webex").contains("settings are wrong"));

    int port = CommandFixture.freePort();
    Invocation refused =
        new Invocation()
            .withKafka("localhost:" + port)
            .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "t")
            .with("OFFBOARDER_WEBEX_BASE_URL", "http://127.0.0.1:" + port + "/v1")
            .run("check", "--timeout", "1s");
    assertThat(refused.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ok    configuration"),
            line ->
                assertThat(line)
                    .startsWith("FAIL  kafka")
                    .endsWith("; the connection is refused at localhost:" + port),
            line -> assertThat(line).startsWith("FAIL  webex").contains("refused"));
  }

  @Test
  @DisplayName("do not run without the topics, unless they may create them")
  void missingTopics() {
    Invocation run = FIXTURE.service("s6").run("run");
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.errors())
        .singleElement()
        .asString()
        .contains(
            "has no topic s6.outcomes, s6.dead-letters, s6.cases, s6.journal, s6.commands, s6.user-")
        .endsWith("run with --create-topics to create what is missing");
  }

  @Test
  @DisplayName("create the topics, run, revoke, and stop in good order")
  void run() throws Exception {
    SandboxApp app = FIXTURE.sandbox().newApp("Slides");
    FIXTURE.sandbox().authorize(FIXTURE.sandbox().addPerson("ann@example.com"), app, 2);
    Invocation service = FIXTURE.service("s7");
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                FIXTURE
                        .kafka("s7")
                        .run("send", "user-terminated", "--person-email", "ann@example.com")
                        .exitCode()
                    == 0);
    Invocation outcomes = FIXTURE.kafka("s7").run("outcomes", "--from-beginning", "--max", "1");
    assertThat(outcomes.lines()).last().asString().contains("revoked").contains("Slides ×3");
    assertThat(FIXTURE.sandbox().live()).isEmpty();
    service.stop();
    assertThat(running.get(20, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(service.errors()).isEmpty();
    assertThat(service.output()).isEmpty();
  }

  @Test
  @DisplayName("wait for a broker that is away, and tell so, until they are stopped")
  void waitForBroker() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(CommandFixture.freePort());
      Invocation service =
          FIXTURE
              .service("s8")
              .withKafka("localhost:" + silent.getLocalPort())
              .with("OFFBOARDER_HTTP_PORT", port);
      CompletableFuture<Invocation> running = service.runInBackground("run");
      String url = "http://127.0.0.1:" + port + "/health/ready";
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(new Invocation().run("health", "--url", url).output())
                      .contains("waits for Kafka"));
      assertThat(running).isNotDone();
      service.stop();
      assertThat(running.get(5, TimeUnit.SECONDS).exitCode()).isZero();
    }
  }
}
