package io.offboarder.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.guard.GuardState;
import io.offboarder.service.CaseStatus;
import io.offboarder.service.ServiceStatus;
import io.vertx.ext.healthchecks.Status;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Readiness")
class ReadinessTest {
  @Test
  @DisplayName("says that events wait because the API names one person for several addresses")
  void eventsHeld() {
    Status status =
        Readiness.API.of(
            new ServiceStatus(
                null,
                Duration.ZERO,
                null,
                null,
                null,
                3,
                GuardState.NONE,
                new CaseStatus(Map.of(), Duration.ZERO, 0, Duration.ZERO)),
            null);

    assertThat(status.isOk()).isFalse();
    assertThat(status.getData().getString("reason"))
        .startsWith("the API names one person for several addresses")
        .contains("3 events");
  }
}
