package io.offboarder.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.stream.StreamStatus;
import io.offboarder.testing.ServiceFixture;
import io.offboarder.webex.gate.GateStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("A group that a person pauses")
class PauseEndToEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What is promised. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(2);

  @RegisterExtension
  private final ServiceFixture fixture =
      ServiceFixture.of("pause", 4).with(SandboxSettings.defaults().withRequestsPerSecond(100));

  @Test
  @DisplayName("asks the API for nothing 2 s later, keeps its partitions, and goes on where it was")
  void stopsAndGoesOn() {
    deploy(1);
    deploy(2);
    fixture.leave(0, 100);
    await().atMost(PATIENCE).until(() -> requests() > 40);

    Instant said = Instant.now();
    fixture.say(Verb.PAUSE, List.of(), "wrong file");
    await()
        .atMost(STOPS_WITHIN)
        .until(() -> fixture.services().stream().allMatch(PauseEndToEndTest::isPaused));
    assertThat(Duration.between(said, Instant.now())).isLessThan(STOPS_WITHIN);
    int asked = requests();
    assertThat(fixture.sandbox().live()).isNotEmpty();
    fixture.leave(100, 110);
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(10))
        .until(() -> requests() == asked);
    assertThat(fixture.services())
        .allSatisfy(
            one -> {
              StreamStatus stream = one.status().stream();
              assertThat(stream.partitions()).isNotEmpty();
              assertThat(stream.problem()).isEmpty();
            });

    fixture.say(Verb.RESUME, List.of(), "the file was right");

    List<JsonNode> outcomes = fixture.outcomes(110);
    assertThat(outcomes.stream().map(one -> one.path("status").asText())).containsOnly("revoked");
    assertThat(outcomes.stream().map(one -> one.path("caseId").asText())).doesNotHaveDuplicates();
    assertThat(fixture.services()).allSatisfy(one -> assertThat(one.status().pause()).isNull());
  }

  @Test
  @DisplayName("stays so when its instances are replaced, and says who has paused it, when and why")
  void outlivesRestarts() {
    OffboardingVerticle first = deploy(1);
    fixture.say(Verb.PAUSE, List.of(), "earlier");
    fixture.say(Verb.RESUME, List.of(), "a mistake");
    fixture.say(Verb.PAUSE, List.of(), "wrong file");
    await().atMost(PATIENCE).until(() -> isPaused(fixture.services().get(0)));
    fixture.leave(0, 20);
    fixture.stop(first);
    long asked = fixture.sandbox().requests(Operation.TOKEN_EXPIRY);

    deploy(2);
    deploy(3);

    await()
        .atMost(PATIENCE)
        .until(() -> fixture.services().stream().allMatch(PauseEndToEndTest::isPaused));
    await()
        .atMost(PATIENCE)
        .until(() -> fixture.services().stream().allMatch(PauseEndToEndTest::hasPartitions));
    assertThat(fixture.services())
        .allSatisfy(
            one -> {
              assertThat(one.status().pause().by()).isEqualTo("ann");
              assertThat(one.status().pause().reason()).isEqualTo("wrong file");
              assertThat(one.status().pause().since()).isAfter(Instant.now().minus(PATIENCE));
            });
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(10))
        .until(() -> fixture.sandbox().deletions().isEmpty());
    assertThat(fixture.sandbox().requests(Operation.TOKEN_EXPIRY)).isEqualTo(asked);
    assertThat(fixture.company().topics().committed(fixture.company().outcomes())).isEmpty();

    fixture.say(Verb.RESUME, List.of(), "the file was right");
    assertThat(fixture.outcomes(20)).hasSize(20);
  }

  @Test
  @DisplayName("hands its partitions over as at any time, and the next owner begins nothing either")
  void handsOver() {
    OffboardingVerticle first = deploy(1);
    fixture.leave(0, 100);
    await().atMost(PATIENCE).until(() -> requests() > 40);
    fixture.say(Verb.PAUSE, List.of(), "wrong file");
    await().atMost(STOPS_WITHIN).until(() -> isPaused(fixture.services().get(0)));
    deploy(2);
    await().atMost(PATIENCE).until(() -> hasPartitions(fixture.services().get(1)));
    Instant stopping = Instant.now();
    fixture.stop(first);
    assertThat(Duration.between(stopping, Instant.now())).isLessThan(Duration.ofSeconds(15));
    int asked = requests();
    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(10))
        .until(() -> requests() == asked);

    fixture.say(Verb.RESUME, List.of(), "the file was right");
    assertThat(fixture.outcomes(100).stream().map(one -> one.path("caseId").asText()))
        .doesNotHaveDuplicates();
  }

  private static boolean isPaused(OffboardingVerticle one) {
    GateStatus gate = one.status().gate();
    return one.status().pause() != null
        && gate != null
        && gate.state() == GateStatus.State.PAUSED
        && gate.load().inFlight() == 0;
  }

  private static boolean hasPartitions(OffboardingVerticle one) {
    StreamStatus stream = one.status().stream();
    return stream != null && !stream.partitions().isEmpty();
  }

  private int requests() {
    return fixture.sandbox().requests().values().stream()
        .flatMap(one -> one.values().stream())
        .mapToInt(Integer::intValue)
        .sum();
  }

  private OffboardingVerticle deploy(int instance) {
    return fixture.deploy(fixture.company().service(fixture.sandbox(), Map.of(), instance));
  }
}
