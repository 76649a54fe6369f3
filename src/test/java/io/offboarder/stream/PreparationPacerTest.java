package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Records that take long to read")
class PreparationPacerTest {
  private static final Duration LONG = Duration.ofMillis(400);
  private static final Duration SHORT = Duration.ofMillis(2);

  private final PreparationPacer pacer = new PreparationPacer();

  @Test
  @DisplayName("take a fifth of the thread's time at most, in however many partitions they come")
  void share() {
    Duration now = Duration.ZERO;
    Duration taken = Duration.ZERO;
    long others = 0;
    while (now.toSeconds() < 100) {
      for (int i = 0; i < 4; i++) {
        if (pacer.mayGo(partition(i), now)) {
          now = now.plus(LONG);
          taken = taken.plus(LONG);
          pacer.prepared(partition(i), LONG, now);
        }
      }
      assertThat(pacer.mayGo(partition(9), now)).isTrue();
      now = now.plus(SHORT);
      pacer.prepared(partition(9), SHORT, now);
      others++;
    }
    assertThat(taken).isLessThan(now.dividedBy(4));
    assertThat(others).isGreaterThan(30_000);
  }

  @Test
  @DisplayName("hold nothing up where they come one by one, as the first after a start does")
  void oneByOne() {
    Duration now = Duration.ZERO;
    for (int i = 0; i < 10; i++) {
      pacer.prepared(partition(0), i % 2 == 0 ? LONG : SHORT, now);
      assertThat(pacer.mayGo(partition(0), now)).isTrue();
    }
  }

  private static TopicPartition partition(int i) {
    return new TopicPartition("t", i);
  }
}
