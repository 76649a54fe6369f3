package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The monitor of hidden records")
class HiddenRecordsMonitorTest {
  private static final TopicPartition ID = new TopicPartition("in", 0);

  private final Fate fate = new Fate(1, false);
  private long all;
  private long readable;
  private boolean answers = true;
  private final HiddenRecordsMonitor monitor = new HiddenRecordsMonitor(admin(), clock());

  @Test
  @DisplayName("tells for how long the next records cannot be read, until they can")
  void blocked() {
    all = 10;
    readable = 4;
    assertThat(after(Duration.ofSeconds(6))).isZero();
    assertThat(after(Duration.ofSeconds(6))).isZero();
    assertThat(after(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(60));
    answers = false;
    assertThat(after(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(120));
    assertThat(after(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(180));
    answers = true;
    readable = 10;
    after(Duration.ofSeconds(6));
    assertThat(after(Duration.ofSeconds(6))).isZero();
  }

  @Test
  @DisplayName("takes short transactions one after another for what they are")
  void progress() {
    for (int i = 0; i < 100; i++) {
      all = 10L + i;
      readable = 4L + i;
      assertThat(after(Duration.ofSeconds(6))).isLessThanOrEqualTo(Duration.ofSeconds(6));
    }
  }

  @Test
  @DisplayName("forgets a partition that is gone")
  void gone() {
    all = 10;
    readable = 4;
    after(Duration.ofSeconds(6));
    after(Duration.ofSeconds(6));
    assertThat(after(Duration.ofSeconds(60))).isPositive();
    monitor.look(Set.of());
    assertThat(monitor.hiddenFor(ID)).isZero();
  }

  private Duration after(Duration passing) {
    fate.advance(passing.toNanos() / 1000);
    monitor.look(Set.of(ID));
    return monitor.hiddenFor(ID);
  }

  private GroupAdmin admin() {
    return Stub.of(GroupAdmin.class, new Ends());
  }

  /** What an admin client answers about the ends. */
  final class Ends {
    CompletionStage<Map<TopicPartition, Long>> endOffsets(
        Set<TopicPartition> partitions, IsolationLevel level) {
      return answers
          ? CompletableFuture.completedFuture(
              Map.of(ID, level == IsolationLevel.READ_COMMITTED ? readable : all))
          : CompletableFuture.failedFuture(new IllegalStateException("simulated"));
    }
  }

  private LoopClock clock() {
    return new LoopClock() {
      @Override
      public Duration now() {
        return fate.now();
      }

      @Override
      public void pause(Duration atMost) {
        fate.idle(atMost);
      }

      @Override
      public void wake() {}
    };
  }
}
