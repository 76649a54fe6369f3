package io.offboarder.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.commands.Pause;
import io.offboarder.guard.GuardState;
import io.offboarder.service.CaseStatus;
import io.offboarder.service.ServiceStatus;
import io.offboarder.stream.StreamStatus;
import io.offboarder.stream.StreamStatus.Phase;
import io.offboarder.webex.gate.GateStatus;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Readiness")
class ReadinessTest {
  private static final CaseStatus NOTHING_WAITS =
      new CaseStatus(Map.of(), 0, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO);

  @Test
  @DisplayName("is not lost by a pause, not even of an instance that has never met the API")
  void paused() {
    Pause pause = new Pause("ann", "wrong file", Instant.EPOCH, "c1");
    GateStatus gate =
        new GateStatus(
            GateStatus.State.PAUSED,
            "paused",
            Instant.EPOCH,
            null,
            new GateStatus.Load(0, 3, 10, 10),
            false,
            null);
    ServiceStatus service =
        new ServiceStatus(
            null,
            Duration.ZERO,
            gate,
            null,
            null,
            0,
            0,
            pause,
            GuardState.NONE,
            NOTHING_WAITS,
            false);

    assertThat(Readiness.API.of(service, null).isOk()).isTrue();
    assertThat(Readiness.CREDENTIALS.of(service, null).isOk()).isTrue();
    Status status = Readiness.PAUSE.of(service, null);
    assertThat(status.isOk()).isTrue();
    assertThat(status.getData().getMap())
        .containsEntry("paused", true)
        .containsEntry("by", "ann")
        .containsEntry("since", "1970-01-01T00:00:00Z")
        .containsEntry("reason", "wrong file");
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  @DisplayName("begins when the service has its share of the partitions, and ends when it stops")
  void share(Phase phase) {
    StreamStatus stream =
        new StreamStatus(phase, List.of(), 0, "", Duration.ZERO, Duration.ofSeconds(1));
    ServiceStatus service = service(stream, 0);

    Status status = Readiness.GROUP.of(service, null);

    assertThat(status.isOk()).isEqualTo(phase == Phase.RUNNING);
    if (phase == Phase.JOINING) {
      assertThat(status.getData().getString("reason")).contains("joins its group");
    }
  }

  @Test
  @DisplayName("says that events wait because the API names one person for several addresses")
  void eventsHeld() {
    Status status = Readiness.API.of(service(null, 3), null);

    assertThat(status.isOk()).isFalse();
    assertThat(status.getData().getString("reason"))
        .startsWith("the API names one person for several addresses")
        .contains("3 events");
  }

  private static ServiceStatus service(@Nullable StreamStatus stream, int eventsHeld) {
    return new ServiceStatus(
        stream,
        Duration.ZERO,
        null,
        null,
        null,
        eventsHeld,
        0,
        null,
        GuardState.NONE,
        NOTHING_WAITS,
        false);
  }
}
