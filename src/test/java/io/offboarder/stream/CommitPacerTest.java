package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The pacer of transactions")
class CommitPacerTest {
  private static final Duration INTERVAL = Duration.ofMillis(25);
  private static final Duration NOW = Duration.ofHours(1);

  private final CommitPacer pacer = new CommitPacer(INTERVAL);

  @Test
  @DisplayName("lets the first one begin at once")
  void first() {
    assertThat(pacer.untilDue(NOW, false)).isZero();
    assertThat(pacer.untilDue(NOW, true)).isZero();
  }

  @Test
  @DisplayName("lets the next one begin an interval after the last one began")
  void next() {
    pacer.begun(NOW);
    pacer.committed(NOW.plusMillis(5));
    assertThat(pacer.untilDue(NOW.plusMillis(5), false)).isEqualTo(Duration.ofMillis(20));
    assertThat(pacer.untilDue(NOW.plusMillis(25), false)).isZero();
  }

  @Test
  @DisplayName("gives the broker a moment after one that took as long as the interval")
  void slow() {
    pacer.begun(NOW);
    pacer.committed(NOW.plusMillis(40));
    assertThat(pacer.untilDue(NOW.plusMillis(40), false)).isEqualTo(Duration.ofMillis(2));
  }

  @Test
  @DisplayName("lets results gather where nothing is lost by waiting")
  void gathers() {
    pacer.begun(NOW);
    pacer.committed(NOW.plusMillis(5));
    assertThat(pacer.untilDue(NOW.plusMillis(5), true)).isEqualTo(Duration.ofMillis(50));
  }

  @Test
  @DisplayName("waits no longer than the interval after one that was aborted")
  void aborted() {
    pacer.begun(NOW);
    assertThat(pacer.untilDue(NOW.plus(INTERVAL), false)).isZero();
  }

  @Test
  @DisplayName("without an interval only gives the broker its moment")
  void none() {
    CommitPacer eager = new CommitPacer(Duration.ZERO);
    eager.begun(NOW);
    eager.committed(NOW.plusMillis(5));
    assertThat(eager.untilDue(NOW.plusMillis(6), false)).isEqualTo(Duration.ofMillis(1));
    assertThat(eager.untilDue(NOW.plusMillis(7), false)).isZero();
  }
}
