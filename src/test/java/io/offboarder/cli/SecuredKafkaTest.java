package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Certificate;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.SecuredBroker;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The commands, on a broker with TLS and SCRAM-SHA-512,")
class SecuredKafkaTest {
  private static final String PASSWORD = "correct-horse-battery-staple";
  private static final String WRONG = "guessed-pa55word";

  private static final String JAAS = "OFFBOARDER_KAFKA_PROPERTIES_SASL_JAAS_CONFIG";
  private static final String TRUST = "OFFBOARDER_KAFKA_PROPERTIES_SSL_TRUSTSTORE_LOCATION";

  @TempDir static Path directory;

  private static Certificate certificate;
  private static Certificate stranger;
  private static SecuredBroker broker;
  private static Vertx vertx;
  private static WebexSandbox sandbox;

  @BeforeAll
  static void start() {
    certificate = Certificate.of(directory, "localhost");
    stranger = Certificate.of(directory, "elsewhere.example");
    broker = SecuredBroker.start(certificate);
    broker.addUser(SecuredBroker.ADMIN, PASSWORD);
    vertx = Vertx.vertx();
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
    broker.close();
  }

  @Test
  @DisplayName("run, send, read outcomes and check with the right password")
  void right() throws Exception {
    sandbox.authorize(sandbox.addPerson("ann@example.com"), sandbox.newApp("Slides"), 1);
    Invocation service = service("s1");
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                service("s1")
                        .run("send", "user-terminated", "--person-email", "ann@example.com")
                        .exitCode()
                    == 0);
    assertThat(service("s1").run("outcomes", "--from-beginning", "--max", "1").lines())
        .last()
        .asString()
        .contains("revoked");
    Invocation check = service("s1").run("check");
    assertThat(check.exitCode()).as(check.output()).isZero();
    service.stop();
    assertThat(running.get(20, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(service.errors()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"# TLS and SCRAM", "# TLS with a certificate of our own (mTLS)"})
  @DisplayName("work with the client.properties that docs/DEPLOYING.md shows")
  void documented(String title) throws IOException {
    String page = Files.readString(Path.of("docs/DEPLOYING.md"));
    int begin = page.indexOf("\n" + title);
    String example =
        page.substring(begin, page.indexOf("```", begin))
            .replace("/etc/offboarder/kafka/ca.pem", certificate.pem().toString())
            .replace("/etc/offboarder/kafka/offboarder.pem", certificate.keyPem().toString())
            .replace("\"offboarder\"", '"' + SecuredBroker.ADMIN + '"')
            .replace("\"…\"", '"' + PASSWORD + '"');
    Invocation check =
        new Invocation()
            .withKafka(
                title.contains("mTLS") ? broker.mutualTlsServers() : broker.bootstrapServers())
            .with(
                "OFFBOARDER_KAFKA_PROPERTIES_FILE",
                Files.writeString(directory.resolve("client.properties"), example).toString())
            .run("check");
    assertThat(check.output()).contains("answers; 1 broker in the cluster");
  }

  @Test
  @DisplayName("say in one line that the password is wrong, and do not show it")
  void wrongPassword() {
    assertRefused(service("s2").with(JAAS, jaas(WRONG)), 7, "does not accept our authentication");
  }

  @Test
  @DisplayName("add no lines of Kafka's own client to it")
  void log() {
    Invocation wrong = service("s2").with(JAAS, jaas(WRONG));
    try (JarProcess program = JarProcess.startFromClassPath(wrong.environment(), "run")) {
      assertThat(program.awaitExit(Duration.ofSeconds(60))).isEqualTo(7);
      assertThat(program.output()).isEmpty();
      // Where the machine is busy, Vert.x may say how long loading classes takes.
      assertThat(
              program
                  .errors()
                  .lines()
                  .filter(line -> !line.contains(" INFO ") && !line.contains("BlockedThread")))
          .singleElement()
          .asString()
          .contains("does not accept our authentication")
          .doesNotContain(WRONG);
    }
  }

  @Test
  @DisplayName("say in one line that the broker's certificate is not trusted, or for another host")
  void untrusted() {
    assertRefused(
        service("s3").with(TRUST, stranger.pem().toString()),
        7,
        "certificate is not trusted: unable to find valid certification path");
    assertRefused(
        service("s3").withKafka(broker.bootstrapServers().replace("localhost", "127.0.0.1")),
        7,
        "certificate is not trusted: No subject alternative names");
  }

  @Test
  @DisplayName("say in one line what is wrong with the settings of TLS and SASL")
  void badSettings() {
    assertRefused(service("s4").with(TRUST, "/nowhere.pem"), 2, "Unable to read file /nowhere.pem");
    assertRefused(service("s4").with(JAAS, jaas(PASSWORD).replace(";", "")), 2, "semi-colon");
    assertRefused(
        service("s4").with(JAAS, jaas("two words").replace("\"", "")),
        2,
        "Value not specified for key '***'");
    assertRefused(
        service("s4").with(JAAS, jaas(PASSWORD).replace("ScramLogin", "Scam")),
        7,
        "No LoginModule found");
    assertRefused(
        service("s4")
            .withKafka(broker.mutualTlsServers())
            .with("OFFBOARDER_KAFKA_PROPERTIES_SECURITY_PROTOCOL", "SSL"),
        7,
        "no TLS with Kafka at");
    assertRefused(
        service("s4").with("OFFBOARDER_KAFKA_PROPERTIES_SASL_MECHANISM", "PLAIN"),
        7,
        "enabled mechanisms are [SCRAM-SHA-512]");
  }

  /** By {@code check} and by {@code run}. */
  private static void assertRefused(Invocation service, int exitCode, String words) {
    Invocation check = service.again().run("check");
    assertThat(check.exitCode()).isEqualTo(1);
    assertThat(check.errors()).isEmpty();
    assertThat(check.lines().stream().filter(line -> line.startsWith("FAIL")))
        .singleElement()
        .asString()
        .startsWith("FAIL  kafka")
        .contains(words);
    Invocation run = service.again().run("run");
    assertThat(run.exitCode()).isEqualTo(exitCode);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).singleElement().asString().contains(words);
    assertThat(check.output() + run.errors()).doesNotContain(PASSWORD, WRONG, "words");
  }

  private static String jaas(String password) {
    return broker.environment(SecuredBroker.ADMIN, password).get(JAAS);
  }

  private static Invocation service(String company) {
    return new Invocation()
        .with(broker.environment(SecuredBroker.ADMIN, PASSWORD))
        .with("OFFBOARDER_KAFKA_GROUP_ID", company)
        .with(
            "OFFBOARDER_KAFKA_INPUT_TOPICS",
            company + ".user-terminated," + company + ".app-decommissioned")
        .with("OFFBOARDER_KAFKA_OUTCOME_TOPIC", company + ".outcomes")
        .with("OFFBOARDER_KAFKA_DEAD_LETTER_TOPIC", company + ".dead-letters")
        .with("OFFBOARDER_KAFKA_CASE_TOPIC", company + ".cases")
        .with("OFFBOARDER_KAFKA_COMMAND_TOPIC", company + ".commands")
        .with("OFFBOARDER_KAFKA_JOURNAL_TOPIC", company + ".journal")
        .with("OFFBOARDER_HTTP_PORT", "0")
        .with("OFFBOARDER_WEBEX_BASE_URL", sandbox.baseUrl().toString())
        .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", sandbox.settings().credentials().accessToken());
  }
}
