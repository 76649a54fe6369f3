package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The status of the service")
class StatusCommandTest {
  @Test
  @DisplayName(
      "foretells no end of the backlog while the API is in an outage or the group is paused")
  void left() {
    assertThat(StatusCommand.left(90.4, List.of())).isEqualTo(", about 90 s left");
    assertThat(StatusCommand.left(0.6, List.of())).isEqualTo(", about 0.6 s left");
    assertThat(StatusCommand.left(90.4, List.of("outage"))).isEmpty();
    assertThat(StatusCommand.left(90.4, List.of("paused"))).isEmpty();
  }
}
