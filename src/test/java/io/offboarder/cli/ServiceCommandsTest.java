package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.testing.Company;
import io.offboarder.testing.Schemas;
import io.offboarder.testing.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("What waits and how the service stands, on a real broker and a sandbox,")
class ServiceCommandsTest {
  @RegisterExtension private static final CommandFixture FIXTURE = new CommandFixture();

  @Test
  @DisplayName("list, show and cancel what waits")
  void cases() throws Exception {
    FIXTURE
        .sandbox()
        .authorize(
            FIXTURE.sandbox().addPerson("gil@example.com"), FIXTURE.sandbox().newApp("Slides"), 1);
    Invocation service = FIXTURE.service("s15");
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> FIXTURE.kafka("s15").run("outcomes", "--no-follow").exitCode() == 1);
    assertThat(FIXTURE.kafka("s15").run("case", "list").errors())
        .containsExactly("offboarder: nothing waits in the topic s15.cases that fits");
    String due = Instant.now().plusSeconds(86_400).toString();
    Invocation sent =
        FIXTURE
            .kafka("s15")
            .run(
                "send",
                "user-terminated",
                "--person-email",
                "gil@example.com",
                "--id",
                "g1",
                "--effective-at",
                due,
                "--wait");
    assertThat(sent.exitCode()).isZero();
    assertThat(sent.lines()).last().asString().endsWith(": 1 scheduled");

    Invocation list = FIXTURE.kafka("s15").run("case", "list", "--person", "Gil@example.com");
    assertThat(list.lines()).hasSize(2);
    assertThat(list.lines().get(1)).contains("scheduled", "gil@example.com", "g1", "takes effect");
    assertThat(FIXTURE.kafka("s15").run("case", "list", "--person", "ann@example.com").lines())
        .isEmpty();
    assertThat(FIXTURE.kafka("s15").run("case", "list", "--state", "relook").lines()).isEmpty();
    assertThat(FIXTURE.kafka("s15").run("case", "list", "--due-until", "2026-01-01").lines())
        .isEmpty();
    Invocation json = FIXTURE.kafka("s15").run("case", "list", "-o", "json");
    assertThat(json.lines()).hasSize(1);
    assertThat(Schemas.faults(Schemas.CASE, json.lines().get(0))).isEmpty();
    String record = json.lines().get(0);
    int id = record.indexOf("\"caseId\":\"") + 10;
    String caseId = record.substring(id, id + 36);
    assertThat(FIXTURE.kafka("s15").run("case", "show", caseId.substring(0, 8)).lines())
        .anySatisfy(line -> assertThat(line).startsWith("case").endsWith(caseId))
        .anySatisfy(line -> assertThat(line).startsWith("due").endsWith(due));
    Invocation unknown = FIXTURE.kafka("s15").run("case", "show", "no-such-case");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.errors()).singleElement().asString().contains("no case no-such-case waits");

    Invocation cancel =
        FIXTURE.kafka("s15").run("case", "cancel", caseId, "--reason", "stays", "--timeout", "30s");
    assertThat(cancel.errors()).isEmpty();
    assertThat(cancel.exitCode()).isZero();
    assertThat(cancel.lines()).last().asString().endsWith(": 1 rescinded");
    assertThat(FIXTURE.kafka("s15").run("case", "list").lines()).isEmpty();
    assertThat(FIXTURE.kafka("s15").run("outcomes", "--event", "g1", "--no-follow").output())
        .contains("scheduled", "cancelled", "taken back by case");

    for (String person : List.of("hal@example.com", "ida@example.com")) {
      FIXTURE
          .kafka("s15")
          .run(
              "send", "user-terminated", "--person-email", person, "--effective-at", due, "--wait");
    }
    List<String> both =
        FIXTURE.kafka("s15").run("case", "list", "-o", "json").lines().stream()
            .map(line -> Company.json(Topics.bytes(line)).path("caseId").asText())
            .toList();
    assertThat(both).hasSize(2);
    Invocation cancelled =
        FIXTURE.kafka("s15").run("case", "cancel", both.get(0), both.get(1), "--timeout", "30s");
    assertThat(cancelled.exitCode()).as("%s", cancelled.errors()).isZero();
    assertThat(cancelled.lines()).first().asString().startsWith("published 2 events to ");
    assertThat(FIXTURE.kafka("s15").run("case", "list").lines()).isEmpty();
    service.stop();
    assertThat(running.get(20, TimeUnit.SECONDS).exitCode()).isZero();
  }

  @Test
  @DisplayName("show how the service stands, from its instances and from Kafka alone")
  void status() throws Exception {
    FIXTURE
        .sandbox()
        .authorize(
            FIXTURE.sandbox().addPerson("emil@example.com"), FIXTURE.sandbox().newApp("Slides"), 1);
    String port = Integer.toString(CommandFixture.freePort());
    Invocation service = FIXTURE.service("s14").with("OFFBOARDER_HTTP_PORT", port);
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> FIXTURE.kafka("s14").run("outcomes", "--no-follow").exitCode() == 1);
    Invocation sent =
        FIXTURE
            .kafka("s14")
            .run(
                "send",
                "user-terminated",
                "--person-email",
                "emil@example.com",
                "--wait",
                "-o",
                "json");
    assertThat(sent.exitCode()).isZero();
    assertThat(sent.lines().stream().map(Topics::bytes).map(Company::json))
        .satisfiesExactly(
            published ->
                assertThat(published.path("topic").asText()).isEqualTo("s14.user-terminated"),
            outcome -> assertThat(outcome.path("status").asText()).isEqualTo("revoked"));
    Awaitility.await()
        .until(
            () ->
                FIXTURE
                    .kafka("s14")
                    .with("OFFBOARDER_HTTP_PORT", port)
                    .run("status")
                    .lines()
                    .contains("waiting    1 relook"));
    Invocation status = FIXTURE.kafka("s14").with("OFFBOARDER_HTTP_PORT", port).run("status");
    assertThat(status.errors()).isEmpty();
    assertThat(status.exitCode()).isZero();
    assertThat(status.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("group s14 at ").endsWith(": stable, 1 instance"),
            line ->
                assertThat(line)
                    .startsWith("  host  ")
                    .contains("s14.app-decommissioned 0-11, s14.user-terminated 0-11"),
            line -> assertThat(line).isEqualTo("backlog    nothing waits"),
            line -> assertThat(line).isEqualTo("waiting    1 relook"),
            line -> assertThat(line).startsWith("api        open").endsWith("(of 1 of 1 instance)"),
            line -> assertThat(line).isEqualTo("last hour  1 outcome: 1 revoked"));

    JsonNode json =
        Company.json(
            Topics.bytes(
                FIXTURE
                    .kafka("s14")
                    .with("OFFBOARDER_HTTP_PORT", port)
                    .run("status", "-o", "json")
                    .output()));
    assertThat(json.path("instances").path(0).path("name").asText()).isEqualTo("host");
    assertThat(json.path("lastHour").path("revoked").asInt()).isEqualTo(1);
    assertThat(json.path("cases").path("relook").asInt()).isEqualTo(1);
    String url = "http://127.0.0.1:" + port + "/health/ready";
    assertThat(new Invocation().run("health", "--url", url).lines())
        .hasSizeGreaterThan(3)
        .allSatisfy(line -> assertThat(line).startsWith("ok    "));
    assertThat(new Invocation().run("health", "--url", url, "-o", "json").output())
        .startsWith("{\"status\":\"UP\"");

    Invocation watching = FIXTURE.kafka("s14");
    CompletableFuture<Invocation> watch = watching.runInBackground("status", "--watch");
    Awaitility.await()
        .until(() -> watching.lines().stream().filter(l -> l.startsWith("group")).count() >= 2);
    watching.stop();
    assertThat(watch.get(10, TimeUnit.SECONDS).exitCode()).isZero();
    service.stop();
    assertThat(running.get(20, TimeUnit.SECONDS).exitCode()).isZero();

    FIXTURE.kafka("s14").run("send", "user-terminated", "--person-id", "p");
    Awaitility.await().until(() -> FIXTURE.kafka("s14").run("status").exitCode() == 1);
    assertThat(FIXTURE.kafka("s14").with("OFFBOARDER_HTTP_PORT", "0").run("status").lines())
        .satisfiesExactly(
            line -> assertThat(line).endsWith(": empty, 0 instances"),
            line ->
                assertThat(line)
                    .contains("1 event beyond the committed offsets; the oldest came ")
                    .contains(" ago; "),
            line -> assertThat(line).startsWith("waiting    1 relook; \"offboarder guard status\""),
            line -> assertThat(line).contains("api        unknown"),
            line -> assertThat(line).contains("1 outcome"));
  }
}
