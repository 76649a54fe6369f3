package io.offboarder.cli;

import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;
import static org.apache.kafka.common.resource.ResourceType.GROUP;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.apache.kafka.common.resource.ResourceType.TRANSACTIONAL_ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Certificate;
import io.offboarder.testing.DocumentedAcls;
import io.offboarder.testing.SecuredBroker;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The commands, on a broker that allows nothing but what ACLs allow,")
class KafkaAccessTest {
  private static final String PASSWORD = "correct-horse-battery-staple";
  private static final String OUTCOMES = "offboarding.outcomes";

  @TempDir static Path directory;

  private static SecuredBroker broker;
  private static Admin admin;
  private static Vertx vertx;
  private static WebexSandbox sandbox;

  @BeforeAll
  static void start() {
    broker = SecuredBroker.start(Certificate.of(directory, "localhost"));
    admin = broker.admin();
    vertx = Vertx.vertx();
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
    admin.close();
    broker.close();
  }

  @Test
  @DisplayName("need no more than docs/DEPLOYING.md grants, and notice when it is taken away")
  void documented() throws Exception {
    allow(DocumentedAcls.of("offboarder"));
    allow(
        List.of(
            DocumentedAcls.one("hr", WRITE, TOPIC, "hr.user-terminated"),
            DocumentedAcls.one("auditor", READ, TOPIC, OUTCOMES)));
    sandbox.authorize(sandbox.addPerson("ann@example.com"), sandbox.newApp("Slides"), 1);
    Invocation service = as("offboarder");
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> sendAs("hr") == 0);
    assertThat(as("auditor").run("outcomes", "--from-beginning", "--max", "1").lines())
        .last()
        .asString()
        .contains("revoked");
    Invocation check = as("offboarder").run("check");
    assertThat(check.exitCode()).as(check.output()).isZero();
    assertThat(sendAs("auditor")).isEqualTo(7);

    AclBinding taken = DocumentedAcls.one("offboarder", WRITE, TOPIC, OUTCOMES);
    admin.deleteAcls(List.of(taken.toFilter())).all().get();
    Awaitility.await().until(() -> as("offboarder").run("check").output().contains("FAIL  topic"));
    assertThat(sendAs("hr")).isZero();
    assertThat(running.get(30, TimeUnit.SECONDS).exitCode()).isEqualTo(7);
    assertThat(service.errors())
        .singleElement()
        .asString()
        .contains(
            "Kafka refused while publishing", "Not authorized to access topics: [" + OUTCOMES);
  }

  @ParameterizedTest
  @EnumSource(Missing.class)
  @DisplayName("say in one line, before anything is revoked, what they may not do")
  void denied(Missing missing) throws Exception {
    String user = "without-" + missing.name().toLowerCase(Locale.ROOT);
    List<AclBinding> acls = new ArrayList<>(DocumentedAcls.of(user));
    assertThat(acls.removeIf(missing::is)).isTrue();
    allow(acls);
    Invocation run = as(user).run("run", "--create-topics");
    assertThat(run.exitCode()).isEqualTo(7);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).singleElement().asString().contains(missing.words);
  }

  /** A permission that somebody forgot. */
  enum Missing {
    WRITE_OUTCOMES(WRITE, TOPIC, "does not allow us to write to offboarding.outcomes;"),
    READ_EVENTS(READ, TOPIC, "does not allow us to read hr.app-decommissioned, hr.user-terminated"),
    READ_GROUP(READ, GROUP, "Not authorized to access group: offboarder"),
    WRITE_TRANSACTIONS(WRITE, TRANSACTIONAL_ID, "Transactional Id authorization failed");

    private final AclOperation operation;
    private final ResourceType type;
    private final String words;

    Missing(AclOperation operation, ResourceType type, String words) {
      this.operation = operation;
      this.type = type;
      this.words = words;
    }

    boolean is(AclBinding acl) {
      return acl.entry().operation() == operation
          && acl.pattern().resourceType() == type
          && !Set.of(
                  "offboarding.dead-letters",
                  "offboarding.cases",
                  "offboarding.commands",
                  "offboarding.journal")
              .contains(acl.pattern().name());
    }
  }

  private static void allow(List<AclBinding> acls) throws Exception {
    admin.createAcls(acls).all().get();
    for (AclBinding acl : acls) {
      broker.addUser(acl.entry().principal().substring("User:".length()), PASSWORD);
    }
  }

  private static int sendAs(String user) {
    return as(user).run("send", "user-terminated", "--person-email", "ann@example.com").exitCode();
  }

  private static Invocation as(String user) {
    return new Invocation()
        .with(broker.environment(user, PASSWORD))
        .with("OFFBOARDER_HTTP_PORT", "0")
        .with("OFFBOARDER_WEBEX_BASE_URL", sandbox.baseUrl().toString())
        .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", sandbox.settings().credentials().accessToken());
  }
}
