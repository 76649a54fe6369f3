package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.testing.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The command that shows outcomes, on a real broker,")
class OutcomesCommandTest {
  private static final String OUTCOME =
      "{\"id\":\"%s\",\"status\":\"revoked\",\"subject\":{\"personEmail\":\"ann@example.com\"}}";

  private static final String OUTCOME_WITH_TIME =
      "{\"status\":\"%s\",\"event\":{\"id\":\"%s\"},\"subject\":{\"personEmail\":\"%s\"},"
          + "\"timing\":{\"completedAt\":\"%sT09:00:00Z\"}}";

  @RegisterExtension private static final CommandFixture FIXTURE = new CommandFixture();

  @Test
  @DisplayName("show the outcomes that are there, as a table and as JSON")
  void outcomes() {
    FIXTURE.topics().create("s3.outcomes", 1, Map.of());
    FIXTURE
        .topics()
        .publish(
            "s3.outcomes", List.of(OUTCOME.formatted("1"), "no outcome", OUTCOME.formatted("2")));
    Invocation table = FIXTURE.kafka("s3").run("outcomes", "--no-follow");
    assertThat(table.exitCode()).isZero();
    assertThat(table.lines()).hasSize(3);
    assertThat(table.lines().get(0)).startsWith("TIME  ").contains("STATUS");
    assertThat(table.errors())
        .singleElement()
        .asString()
        .contains("holds something that is no outcome (the first: partition 0, offset 1)");

    Invocation json =
        FIXTURE.kafka("s3").run("outcomes", "-o", "json", "--from-beginning", "--max", "1");
    assertThat(json.lines()).containsExactly(OUTCOME.formatted("1"));
    assertThat(
            FIXTURE
                .kafka("s3")
                .run("outcomes", "-o", "json", "--since", "1h", "--no-follow")
                .lines())
        .hasSize(2);
    assertThat(FIXTURE.kafka("s3").withColours().run("outcomes", "--no-follow").output())
        .contains("\u001b[32m");
  }

  @Test
  @DisplayName("follow the outcomes until they are stopped")
  void follow() throws Exception {
    FIXTURE.topics().create("s4.outcomes", 2, Map.of());
    Invocation following = FIXTURE.kafka("s4");
    CompletableFuture<Invocation> running = following.runInBackground("outcomes");
    Awaitility.await().until(() -> following.output().contains("TIME"));
    FIXTURE.topics().publish("s4.outcomes", List.of(OUTCOME.formatted("1")));
    Awaitility.await().until(() -> following.output().contains("ann@example.com"));
    following.stop();
    assertThat(running.get(10, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(following.errors()).isEmpty();
  }

  @Test
  @DisplayName("show outcomes of all partitions oldest first, and answer who, what and when")
  void questions() throws IOException {
    FIXTURE.topics().create("q1.outcomes", 4, Map.of());
    List<String> days = List.of("2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String id = "e" + i;
      ids.add(id);
      FIXTURE
          .topics()
          .publish(
              List.of(
                  new ProducerRecord<>(
                      "q1.outcomes",
                      i * 7 % 4,
                      1_790_000_000_000L + i * 1000L,
                      null,
                      Topics.bytes(
                          OUTCOME_WITH_TIME.formatted(
                              i % 10 == 0 ? "failed" : "revoked",
                              id,
                              i % 2 == 0 ? "Ann@Example.com" : "bob@example.com",
                              days.get(i / 10))))));
    }
    Invocation all = FIXTURE.kafka("q1").run("outcomes", "--no-follow", "-o", "csv");
    assertThat(all.exitCode()).as(all.errors().toString()).isZero();
    assertThat(all.lines().get(0)).startsWith("completedAt,status,id,type,personEmail,");
    assertThat(all.lines().stream().skip(1).map(line -> line.split(",", -1)[2]).toList())
        .isEqualTo(ids);
    assertThat(asked("--person", "ann@example.COM"))
        .hasSize(20)
        .allMatch(line -> line.contains("Ann@"));
    assertThat(asked("--status", "FAILED", "--no-follow")).hasSize(4);
    assertThat(asked("--person", "bob@example.com", "--status", "failed")).isEmpty();
    assertThat(asked("--event", "e7"))
        .singleElement()
        .asString()
        .contains("e7")
        .contains("2026-01-30 09:00:00Z");
    assertThat(asked("--until", "2026-01-31")).hasSize(20);
    assertThat(asked("--until", "2026-02-01T10:00:00+02:00")).hasSize(20);
    assertThat(asked("--until", "1d", "--max", "3")).hasSize(3);

    Invocation nobody = FIXTURE.kafka("q1").run("outcomes", "--person", "carol@example.com");
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.errors())
        .containsExactly("offboarder: no outcome fits, of 40 in the topic q1.outcomes");
  }

  @Test
  @DisplayName("find a person by pseudonym where there is the key")
  void pseudonym(@TempDir Path directory) throws IOException {
    Path key = directory.resolve("key");
    Files.writeString(key, "0123456789abcdef0123456789abcdef");
    FIXTURE.topics().create("q2.outcomes", 1, Map.of());
    String pseudonym =
        Pseudonymizer.with("0123456789abcdef0123456789abcdef").person("ann@example.com");
    FIXTURE
        .topics()
        .publish(
            "q2.outcomes", List.of(OUTCOME.formatted("1").replace("ann@example.com", pseudonym)));
    Invocation found =
        FIXTURE
            .kafka("q2")
            .with("OFFBOARDER_PRIVACY_KEY_FILE", key.toString())
            .run("outcomes", "--person", "Ann@example.com");
    assertThat(found.errors()).isEmpty();
    assertThat(found.lines()).last().asString().contains(pseudonym);
    assertThat(FIXTURE.kafka("q2").run("outcomes", "--person", "ann@example.com").exitCode())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("say once that a topic holds no outcomes")
  void noOutcomes() {
    FIXTURE.topics().create("q3.user-terminated", 2, Map.of());
    FIXTURE.topics().create("q3.outcomes", 1, Map.of());
    FIXTURE.topics().publish("q3.user-terminated", List.of("{}", "[]", "an event", "another"));
    Invocation wrong =
        FIXTURE.kafka("q3").run("outcomes", "--topic", "q3.user-terminated", "--from-beginning");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.errors())
        .containsExactly(
            "offboarder: the topic q3.user-terminated holds no outcomes but something else (4 records)");
    Invocation empty = FIXTURE.kafka("q3").run("outcomes", "--no-follow");
    assertThat(empty.exitCode()).isEqualTo(1);
    assertThat(empty.errors())
        .containsExactly("offboarder: the topic q3.outcomes holds no outcomes");
  }

  private static List<String> asked(String... question) {
    List<String> arguments = new ArrayList<>(List.of("outcomes"));
    arguments.addAll(List.of(question));
    return FIXTURE.kafka("q1").run(arguments.toArray(String[]::new)).lines().stream()
        .skip(1)
        .toList();
  }
}
