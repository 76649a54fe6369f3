package io.offboarder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.guard.GuardSettings;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.testing.Company;
import io.offboarder.testing.ServiceFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a person says to the whole group, from the command line,")
class SayCommandsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("say");

  @Test
  @DisplayName("pauses it and lets it go on; the status says who, when and why")
  void pause() {
    OffboardingVerticle service = fixture.deploy();

    Invocation paused = kafka().run("pause", "--reason", "wrong file", "--by", "ann", "-o", "json");

    assertThat(paused.exitCode()).isZero();
    JsonNode said = json(paused.lines().get(0));
    assertThat(said.path("command").asText()).isEqualTo("pause");
    assertThat(said.path("by").asText()).isEqualTo("ann");
    await().atMost(PATIENCE).until(() -> service.status().pause() != null);
    assertThat(kafka().run("status").lines())
        .anySatisfy(
            line ->
                assertThat(line).startsWith("paused").contains("by ann since 20", "wrong file"));
    assertThat(json(kafka().run("status", "-o", "json").output()).path("pause").path("reason"))
        .hasToString("\"wrong file\"");

    Invocation resumed = kafka().run("resume", "--reason", "it was right");

    assertThat(resumed.exitCode()).isZero();
    assertThat(resumed.lines()).isEmpty();
    assertThat(resumed.errors()).last().asString().contains("all instances go on");
    await().atMost(PATIENCE).until(() -> service.status().pause() == null);
    assertThat(kafka().run("status").lines())
        .noneSatisfy(line -> assertThat(line).startsWith("paused"));
  }

  @Test
  @DisplayName("wants a reason, and a topic to say it on")
  void wrongly() {
    for (String command : List.of("pause", "resume")) {
      Invocation without = kafka().run(command);
      assertThat(without.exitCode()).isEqualTo(2);
      assertThat(without.errors()).last().asString().contains("--reason");
    }
    assertThat(kafka().run("guard", "reset").exitCode()).isEqualTo(2);
    assertThat(kafka().run("guard", "trip").exitCode()).isEqualTo(2);
    assertThat(kafka().run("case", "release", "--reason", "why").exitCode()).isEqualTo(2);
    Invocation nowhere =
        kafka()
            .with("OFFBOARDER_KAFKA_COMMAND_TOPIC", fixture.company().commands() + ".not")
            .run("pause", "--reason", "why");
    assertThat(nowhere.exitCode()).isEqualTo(5);
  }

  @Test
  @DisplayName(
      "releases and discards exactly what it was shown, and nothing after that has changed")
  void releaseAndDiscard(@TempDir Path folder) throws IOException {
    deployWithGuard();
    fixture.leave(0, 5);
    assertThat(fixture.outcomes(5, "held")).hasSize(4);
    awaitHeld(4);
    String person = fixture.outcomes(5, "held").get(0).path("subject").path("personEmail").asText();

    Invocation plan = kafka().run("case", "release", "--all", "--reason", "checked");
    assertThat(plan.exitCode()).as("%s", plan.errors()).isZero();
    assertThat(plan.lines()).hasSize(4);
    String digest = digest(plan);
    Invocation json = kafka().run("case", "release", "--all", "--reason", "checked", "-o", "json");
    assertThat(json(json.output()).path("digest").asText()).isEqualTo(digest);
    assertThat(json(json.output()).path("cases")).hasSize(4);
    Invocation one =
        kafka().run("case", "discard", "--person", person, "--reason", "stays", "-o", "json");
    String ofOne = json(one.output()).path("digest").asText();
    assertThat(ofOne).isNotEqualTo(digest);

    String caseId = json(json.output()).path("cases").get(0).path("caseId").asText();
    Invocation some = kafka().run("case", "release", caseId, "f00", "--reason", "checked");
    assertThat(some.errors())
        .anySatisfy(line -> assertThat(line).contains("no case is held that fits of f00"));
    Invocation blank = kafka().run("case", "release", "", "--reason", "checked");
    assertThat(blank.exitCode()).isEqualTo(2);
    assertThat(blank.errors()).anySatisfy(line -> assertThat(line).contains("is blank"));

    Path department =
        Files.writeString(folder.resolve("sales.txt"), person + "\nbob@example.com\n");
    Invocation listed =
        kafka()
            .run(
                "case",
                "discard",
                "--file",
                department.toString(),
                "--person",
                "cho@example.com",
                "--reason",
                "stays");
    assertThat(digest(listed)).isEqualTo(ofOne);
    assertThat(listed.errors())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("no case is held that fits of cho@example.com, bob@example.com"));

    Invocation discarded =
        kafka()
            .run(
                "case",
                "discard",
                "--person",
                person,
                "--reason",
                "stays",
                "--approve",
                ofOne,
                "--by",
                "ann",
                "-o",
                "json");
    assertThat(discarded.exitCode()).isZero();
    assertThat(json(discarded.lines().get(0)).path("command").asText()).isEqualTo("discard");
    assertThat(fixture.outcomes(6, "discarded")).hasSize(1);
    awaitHeld(3);

    Invocation late =
        kafka().run("case", "release", "--all", "--reason", "checked", "--approve", digest);
    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.errors()).last().asString().contains("have changed since they were shown");
    String now = digest(kafka().run("case", "release", "--all", "--reason", "checked"));
    Invocation released =
        kafka().run("case", "release", "--all", "--reason", "checked", "--approve", now);
    assertThat(released.exitCode()).isZero();
    assertThat(released.errors()).last().asString().contains("3 cases will be done");
    assertThat(fixture.outcomes(9, "revoked")).hasSize(4);
    assertThat(fixture.sandbox().live())
        .hasSize(2); // A refresh and an access authorization of the one who stays.
    Invocation nothing = kafka().run("case", "release", "--all", "--reason", "checked");
    assertThat(nothing.exitCode()).isEqualTo(1);
  }

  /** What is committed shows on each topic when that topic's broker knows of it. */
  private void awaitHeld(int count) {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                kafka().run("case", "list", "--state", "held", "-o", "json").lines().size()
                    == count);
  }

  @Test
  @DisplayName("shows how the guard stands, and what those who are held have authorized now")
  void guardStatus() {
    Invocation before = guarded().run("guard", "status");
    assertThat(before.exitCode()).as("%s", before.errors()).isZero();
    assertThat(before.lines())
        .anySatisfy(line -> assertThat(line).startsWith("terminations").contains("at most 1 in"))
        .anySatisfy(line -> assertThat(line).startsWith("held").contains("0 cases"));
    deployWithGuard();
    fixture.leave(0, 5);
    assertThat(fixture.outcomes(5, "held")).hasSize(4);
    awaitHeld(4);

    Invocation status = guarded().run("guard", "status", "-o", "json");
    assertThat(status.exitCode()).isEqualTo(1);
    JsonNode said = json(status.output());
    assertThat(said.path("terminations").path("limit").asInt()).isEqualTo(1);
    assertThat(said.path("terminations").path("touched").path(0).path("count").asInt())
        .isEqualTo(1);
    assertThat(said.path("tripped").path(0).path("kind").asText()).isEqualTo("terminations");
    assertThat(said.path("held").asInt()).isEqualTo(4);

    Invocation plan =
        guarded()
            .with("OFFBOARDER_WEBEX_BASE_URL", fixture.sandbox().baseUrl().toString())
            .with(
                "OFFBOARDER_WEBEX_ACCESS_TOKEN",
                fixture.sandbox().settings().credentials().accessToken())
            .run("case", "release", "--all", "--reason", "checked", "--fresh", "-o", "json");
    assertThat(plan.exitCode()).as("%s", plan.errors()).isZero();
    assertThat(json(plan.output()).path("cases"))
        .hasSize(4)
        .allSatisfy(
            one -> assertThat(one.path("authorizations").path("Slides").asInt()).isEqualTo(2));
    assertThat(plan.errors()).contains("offboarder: authorizations now: 8: Slides ×8");

    Invocation reset = guarded().run("guard", "reset", "--reason", "checked", "-o", "json");
    assertThat(json(reset.lines().get(0)).path("command").asText()).isEqualTo("reset_guard");
    await().atMost(PATIENCE).until(() -> guarded().run("guard", "status").exitCode() == 0);
  }

  @Test
  @DisplayName("has everything held from now on, and says who wanted that and why")
  void trip() {
    deployWithGuard();

    Invocation said =
        guarded().run("guard", "trip", "--reason", "wrong file", "--by", "ann", "-o", "json");

    assertThat(said.exitCode()).as("%s", said.errors()).isZero();
    assertThat(json(said.lines().get(0)).path("command").asText()).isEqualTo("trip_guard");
    await().atMost(PATIENCE).until(() -> guarded().run("guard", "status").exitCode() == 1);
    assertThat(guarded().run("guard", "status").lines())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("tripped        terminations since 20")
                    .endsWith(" by ann: wrong file"));
    fixture.leave(0, 1);
    assertThat(fixture.outcomes(1, "held")).hasSize(1);

    kafka().run("guard", "reset", "--reason", "all is well");
    await().atMost(PATIENCE).until(() -> guarded().run("guard", "status").exitCode() == 0);
    fixture.leave(1, 2);
    assertThat(fixture.outcomes(2, "revoked")).hasSize(1);
  }

  @Test
  @DisplayName("says that a guard which is off holds nothing")
  void tripOfNone() {
    Invocation refused =
        kafka()
            .with("OFFBOARDER_POLICY_GUARD_TERMINATIONS", "0")
            .with("OFFBOARDER_POLICY_GUARD_DECOMMISSIONS", "0")
            .run("guard", "trip", "--reason", "wrong file");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.errors()).last().asString().contains("the guard is off", "offboarder pause");
  }

  @Test
  @DisplayName("takes two people's words where the policy says so")
  void twoPeople() {
    fixture.deploy(
        fixture.settings().toBuilder()
            .guard(new GuardSettings(1, 1, Duration.ofHours(1), false))
            .cases(fixture.company().caseSettings().withTwoPeople(Duration.ofHours(1)))
            .build());
    fixture.leave(0, 3);
    assertThat(fixture.outcomes(3, "held")).hasSize(2);
    awaitHeld(2);
    String digest = digest(kafka().run("case", "release", "--all", "--reason", "checked"));

    Invocation first = asked("ann", "release", digest);
    assertThat(first.errors()).last().asString().contains("2 cases once somebody else has said");
    Invocation again = asked("Ann", "release", digest);
    assertThat(again.errors()).last().asString().contains("2 cases once somebody else has said");
    Invocation shown =
        two().run("case", "release", "--all", "--reason", "checked too", "--by", "bob");
    assertThat(shown.errors())
        .anySatisfy(
            line -> assertThat(line).contains("2 cases of them: Ann has said so", "(checked)"));
    assertThat(fixture.outcomes(3, "revoked")).hasSize(1);

    Invocation second = asked("bob", "release", digest);

    assertThat(second.errors()).last().asString().contains("2 cases will be done");
    List<JsonNode> revoked = fixture.outcomes(5, "revoked");
    assertThat(revoked).hasSize(3);
    assertThat(revoked)
        .anySatisfy(one -> assertThat(one.path("notes").toString()).contains("Ann and bob"));
  }

  private Invocation asked(String by, String verb, String digest) {
    Invocation said =
        two().run("case", verb, "--all", "--reason", "checked", "--by", by, "--approve", digest);
    assertThat(said.exitCode()).as("%s", said.errors()).isZero();
    return said;
  }

  private Invocation two() {
    return kafka().with("OFFBOARDER_POLICY_APPROVAL_TWO_PEOPLE", "true");
  }

  private Invocation guarded() {
    return kafka()
        .with("OFFBOARDER_POLICY_GUARD_TERMINATIONS", "1")
        .with("OFFBOARDER_POLICY_GUARD_DECOMMISSIONS", "1");
  }

  private static String digest(Invocation plan) {
    String line = plan.errors().get(plan.errors().size() - 1);
    assertThat(line).contains("--approve ");
    return line.substring(line.lastIndexOf(' ') + 1);
  }

  private void deployWithGuard() {
    GuardSettings bounds = new GuardSettings(1, 1, Duration.ofHours(1), false);
    fixture.deploy(fixture.settings().toBuilder().guard(bounds).build());
  }

  private static JsonNode json(String text) {
    return Company.json(text.getBytes(UTF_8));
  }

  private Invocation kafka() {
    return new Invocation().with(fixture.company().environment());
  }
}
