package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The status of the service")
class StatusScreenTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");

  @Test
  @DisplayName(
      "foretells no end of the backlog while the API is in an outage or the group is paused")
  void left() {
    assertThat(StatusScreen.left(90.4, List.of())).isEqualTo(", about 90 s left");
    assertThat(StatusScreen.left(0.6, List.of())).isEqualTo(", about 0.6 s left");
    assertThat(StatusScreen.left(90.4, List.of("outage"))).isEmpty();
    assertThat(StatusScreen.left(90.4, List.of("paused"))).isEmpty();
  }

  @Test
  @DisplayName("says since when the API answers nothing, before that is an outage")
  void silent() {
    assertThat(api(0, 0)).isEqualTo("open, no bound to the pace, 2 in flight (of 1 of 1 instance)");
    assertThat(api(12.4, 0.5))
        .isEqualTo(
            "open, no bound to the pace, 2 in flight (the oldest for 12 s) (of 1 of 1 instance)");
    assertThat(api(12.4, 12.4))
        .startsWith("not answering since 2026-02-28T23:59:48Z (12 s), no bound to the pace, ");
    assertThat(StatusScreen.left(90.4, StatusScreen.obstacles(page(12.4, 12.4), NOW))).isEmpty();
  }

  private static String api(double oldest, double silence) {
    return StatusScreen.api(page(oldest, silence), NOW, 1);
  }

  private static InstanceMetrics page(double oldest, double silence) {
    return new InstanceMetrics(
        List.of(
            String.join(
                "\n",
                "offboarder_api_state{state=\"open\"} 1.0",
                "offboarder_api_state{state=\"outage\"} 0.0",
                "offboarder_api_pace +Inf",
                "offboarder_api_requests_in_flight 2.0",
                "offboarder_api_oldest_request_seconds " + oldest,
                "offboarder_api_silence_seconds " + silence)));
  }
}
