package io.offboarder.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A monitor of the group's other members")
class PeerMonitorTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  private final List<GroupMember> group = new CopyOnWriteArrayList<>();
  private final List<GroupMember> removed = new CopyOnWriteArrayList<>();
  private final List<String> ended = new CopyOnWriteArrayList<>();
  private final List<PeerMonitor> monitors = new CopyOnWriteArrayList<>();

  @AfterEach
  void closeMonitors() {
    monitors.forEach(PeerMonitor::close);
  }

  @Test
  @DisplayName("removes a member whose process is gone, and ends its transaction")
  void gone() {
    PeerMonitor one = join("one");
    PeerMonitor two = join("two");
    awaitConnected(one);

    two.close();

    await().atMost(SOON).until(() -> ended.contains("two"));
    assertThat(removed).extracting(GroupMember::instanceId).containsExactly("two");
  }

  @Test
  @DisplayName("does not remove one that left in good order, and sees that no transaction is left")
  void left() {
    PeerMonitor one = join("one");
    PeerMonitor two = join("two");
    awaitConnected(one);

    group.removeIf(member -> member.instanceId().equals("two"));
    two.close();

    await().atMost(SOON).until(() -> ended.contains("two"));
    assertThat(removed).isEmpty();
  }

  @Test
  @DisplayName("leaves alone a member that it never reached")
  void neverReached() {
    PeerMonitor one = join("one");
    group.add(new GroupMember("two", Incarnation.fresh(1).membership(1), "127.0.0.1"));
    PeerMonitor three = join("three");
    awaitConnected(one);

    three.close();

    await().atMost(SOON).until(() -> ended.contains("three"));
    assertThat(removed).extracting(GroupMember::instanceId).containsExactly("three");
  }

  @Test
  @DisplayName("says its number to who connects, and hangs up on who says anything")
  void saysNoMore() throws IOException {
    PeerMonitor one = join("one");
    try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), one.self().port())) {
      stranger.setSoTimeout((int) SOON.toMillis());
      byte[] greeting = one.self().greeting();
      assertThat(stranger.getInputStream().readNBytes(greeting.length)).isEqualTo(greeting);

      stranger.getOutputStream().write('?');

      assertThat(stranger.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  @DisplayName("answers for its own process and for no other")
  void answers() {
    PeerMonitor one = join("one");

    assertThat(one.self().ask("127.0.0.1")).isEqualTo(Incarnation.Answer.ALIVE);
    assertThat(Incarnation.fresh(one.self().port()).ask("127.0.0.1"))
        .isEqualTo(Incarnation.Answer.GONE);
    one.close();
    await().atMost(SOON).until(() -> one.self().ask("127.0.0.1") == Incarnation.Answer.GONE);
  }

  @Test
  @DisplayName("answers while its Kafka does not")
  void answersWithoutKafka() {
    CountDownLatch kafka = new CountDownLatch(1);
    try (PeerMonitor one = new PeerMonitor("one", 0, new Unanswering(kafka))) {
      assertThat(one.self().ask("127.0.0.1")).isEqualTo(Incarnation.Answer.ALIVE);
      kafka.countDown();
    }
  }

  /** A Kafka that answers nothing until it is told to. */
  private record Unanswering(CountDownLatch until) implements GroupAdmin {
    @Override
    public CompletionStage<Map<TopicPartition, Long>> endOffsets(
        Set<TopicPartition> partitions, IsolationLevel level) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<GroupMember> members() {
      try {
        until.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return List.of();
    }

    @Override
    public boolean remove(GroupMember member) {
      return false;
    }

    @Override
    public void endTransaction(String instanceId) {}

    @Override
    public boolean wasLastCommitted(String instanceId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  @Test
  @DisplayName("connects all members of a group that begin at the same moment")
  void allAtOnce() {
    for (int i = 0; i < 8; i++) {
      join("instance-" + i);
    }

    await()
        .atMost(SOON)
        .untilAsserted(() -> assertThat(monitors).extracting(PeerMonitor::reached).containsOnly(7));
  }

  @Test
  @DisplayName("does without a port where the one it is to have is taken")
  void portTaken() {
    PeerMonitor one = join("one");
    PeerMonitor two = new PeerMonitor("two", one.self().port(), admin());
    monitors.add(two);

    assertThat(two.self().hasPort()).isFalse();
    assertThat(one.self().ask("127.0.0.1")).isEqualTo(Incarnation.Answer.ALIVE);
  }

  private PeerMonitor join(String instance) {
    PeerMonitor monitor = new PeerMonitor(instance, 0, admin());
    monitors.add(monitor);
    group.add(new GroupMember(instance, monitor.self().membership(1), "127.0.0.1"));
    monitors.forEach(PeerMonitor::groupChanged);
    return monitor;
  }

  private static void awaitConnected(PeerMonitor monitor) {
    await().atMost(SOON).until(() -> monitor.reached() > 0);
  }

  private GroupAdmin admin() {
    return new GroupAdmin() {
      @Override
      public List<GroupMember> members() {
        return List.copyOf(group);
      }

      @Override
      public boolean remove(GroupMember member) {
        return group.remove(member) && removed.add(member);
      }

      @Override
      public void endTransaction(String instanceId) {
        ended.add(instanceId);
      }

      @Override
      public boolean wasLastCommitted(String instanceId) {
        throw new UnsupportedOperationException();
      }

      @Override
      public CompletionStage<Map<TopicPartition, Long>> endOffsets(
          Set<TopicPartition> partitions, IsolationLevel level) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void close() {}
    };
  }
}
