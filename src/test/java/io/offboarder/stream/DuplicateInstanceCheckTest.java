package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.stream.Incarnation.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("An instance that starts")
class DuplicateInstanceCheckTest {
  private static final GroupMember LEFT_OVER =
      new GroupMember("one", new Incarnation(4711, "0123456789abcdef").membership(1), "host");

  private final List<GroupMember> group = new ArrayList<>();
  private final List<GroupMember> removed = new ArrayList<>();
  private Duration now = Duration.ZERO;
  private Duration awayFrom = Duration.ofDays(1);
  private Duration awayUntil = Duration.ofDays(1);
  private Duration backAfter = Duration.ofDays(1);
  private Answer answer = Answer.GONE;

  @Test
  @DisplayName("begins at once where nobody has its name")
  void free() {
    group.add(new GroupMember("two", "", "host"));

    assertThat(untilItBegins()).isZero();
  }

  @Test
  @DisplayName("removes what its crash has left, and begins when it has not come back")
  void crashed() {
    group.add(LEFT_OVER);

    assertThat(untilItBegins()).isEqualTo(Duration.ofSeconds(2));
    assertThat(removed).containsExactly(LEFT_OVER);
  }

  @Test
  @DisplayName("waits for a session to end where it cannot tell whether the process lives")
  void unreachable() {
    group.add(LEFT_OVER);
    answer = Answer.UNREACHABLE;

    assertThat(untilItBegins()).isEqualTo(Duration.ofSeconds(9));
  }

  @Test
  @DisplayName(
      "does not take its predecessor for alive, however often a broker begins its session anew")
  void brokerRestarts() {
    group.add(LEFT_OVER);
    answer = Answer.SILENT;
    awayFrom = Duration.ofSeconds(5);
    awayUntil = Duration.ofMinutes(3);

    assertThat(untilItBegins()).isBetween(Duration.ofMinutes(3), Duration.ofSeconds(191));
  }

  @Test
  @DisplayName("gives way to an instance of its name that answers, and leaves it alone")
  void alive() {
    group.add(LEFT_OVER);
    answer = Answer.ALIVE;

    assertThatThrownBy(this::untilItBegins).hasMessageContaining("is in use by another instance");
    assertThat(now).isEqualTo(DuplicateInstanceCheck.PATIENCE);
    assertThat(removed).isEmpty();
  }

  @Test
  @DisplayName("gives way to an instance of its name that joins again, however its network looks")
  void joinsAgain() {
    group.add(LEFT_OVER);
    answer = Answer.GONE;
    backAfter = Duration.ofMillis(600);

    assertThatThrownBy(this::untilItBegins).hasMessageContaining("is in use by another instance");
    assertThat(now).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  @DisplayName("gives way to a member that cannot be removed and outlives every session")
  void notRemovable() {
    group.add(new GroupMember("one", "", "host"));
    answer = Answer.UNREACHABLE;

    assertThatThrownBy(this::untilItBegins).hasMessageContaining("is in use by another instance");
    assertThat(now).isEqualTo(Duration.ofSeconds(60));
  }

  private Duration untilItBegins() {
    StreamSettings settings = StreamSettings.of(Map.of(), "group", "one", List.of("in"));
    GroupAdmin admin = new SimulatedGroupAdmin(this::look, this::remove);
    new DuplicateInstanceCheck(
            settings,
            new Duplicates("one", admin, Incarnation.fresh(0)),
            (incarnation, host) -> answer,
            clock(),
            DuplicateInstanceCheck.PATIENCE)
        .await(() -> false);
    return now;
  }

  private List<GroupMember> look() {
    if (now.compareTo(awayFrom) >= 0 && now.compareTo(awayUntil) < 0) {
      throw new TimeoutException("no broker");
    }
    if (!removed.isEmpty() && group.isEmpty() && now.compareTo(backAfter) >= 0) {
      group.add(LEFT_OVER);
    }
    return List.copyOf(group);
  }

  private boolean remove(GroupMember member) {
    return !member.membership().isEmpty() && group.remove(member) && removed.add(member);
  }

  private LoopClock clock() {
    return new LoopClock() {
      @Override
      public Duration now() {
        return now;
      }

      @Override
      public void pause(Duration atMost) {
        now = now.plus(atMost);
      }

      @Override
      public void wake() {}
    };
  }
}
