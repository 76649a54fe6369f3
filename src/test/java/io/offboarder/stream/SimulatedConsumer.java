package io.offboarder.stream;

import io.offboarder.stream.SimulatedGroup.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * The methods of a consumer that the loop calls: a member of the group whose callbacks run inside
 * {@code poll}, whose knowledge of its epoch may lag behind the broker's, and whose partitions
 * nobody else gets before it has handed them over, unless it is fenced.
 */
final class SimulatedConsumer {
  static final int MAX_POLL_RECORDS = 10;

  private final SimulatedInstance instance;
  private final SimulatedBroker broker;
  private final Fate fate;
  private final Faults faults;
  private final String id;
  private final boolean readsUncommitted;
  private final Map<Integer, Assigned> owned = new TreeMap<>();
  private ConsumerRebalanceListener listener;
  private Member member;
  private String knownId = "";
  private int knownEpoch = -1;

  /**
   * Whether it has heard what is assigned to it, nothing perhaps. Like Kafka's consumer, says
   * nothing of a membership that it loses without partitions.
   */
  private boolean told;

  private boolean closed;

  private static final class Assigned {
    boolean paused;
    long position = -1;
  }

  SimulatedConsumer(SimulatedInstance instance, String id, boolean readsUncommitted) {
    this.instance = instance;
    this.broker = instance.broker();
    this.fate = broker.fate();
    this.faults = broker.faults();
    this.id = id;
    this.readsUncommitted = readsUncommitted;
  }

  void subscribe(Collection<String> topics, ConsumerRebalanceListener rebalance) {
    instance.call("subscribe");
    listener = rebalance;
  }

  ConsumerRecords<byte[], byte[]> poll(Duration patience) {
    enter("poll");
    fail();
    reconcile();
    fail();
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = fetch();
    if (fetched.isEmpty()) {
      fate.idle(patience);
    }
    return new ConsumerRecords<>(fetched, new HashMap<>());
  }

  private void fail() {
    if (fate.strikes(faults.poll())) {
      instance.note("poll fails");
      throw fate.oneIn(2)
          ? new TimeoutException("simulated")
          : new CoordinatorNotAvailableException("simulated");
    }
    if (fate.strikes(faults.discard())) {
      instance.note("poll fails, not to be retried");
      throw new KafkaException("simulated: unexpected error");
    }
    authorize();
  }

  private void authorize() {
    if (fate.strikes(faults.authorization())) {
      instance.notAuthorized();
      throw new TopicAuthorizationException(SimulatedTopic.NAME);
    }
  }

  private void reconcile() {
    if (member == null) {
      member = broker.group().join(id, instance.name());
      instance.note("joins as", id);
      if (fate.oneIn(3)) {
        // The answer is on its way.
        return;
      }
    }
    if (!broker.group().has(member)) {
      fenced();
      return;
    }
    Set<Integer> revoked = broker.group().toRevoke(member);
    revoked.retainAll(owned.keySet());
    if (!revoked.isEmpty()) {
      instance.note("is to hand over", revoked);
      tell(listener::onPartitionsRevoked, revoked);
      owned.keySet().removeAll(revoked);
    }
    broker.group().acknowledge(member, revoked);
    if (!broker.group().has(member)) {
      return;
    }
    knownId = id;
    knownEpoch = member.epoch;
    Set<Integer> assigned = broker.group().assign(member);
    if (!assigned.isEmpty() || !told) {
      told = true;
      instance.note("is assigned", assigned);
      assigned.forEach(partition -> owned.put(partition, new Assigned()));
      tell(listener::onPartitionsAssigned, assigned);
    }
  }

  private void fenced() {
    Set<Integer> lost = new TreeSet<>(owned.keySet());
    instance.note("lost", lost);
    if (fate.oneIn(2)) {
      forgetMembership();
    }
    if (!lost.isEmpty()) {
      told = false;
      tell(listener::onPartitionsLost, lost);
    }
    owned.clear();
    member = null;
  }

  private void forgetMembership() {
    knownEpoch = -1;
    knownId = fate.oneIn(2) ? id : "";
  }

  private void tell(Consumer<Collection<TopicPartition>> callback, Set<Integer> partitions) {
    List<TopicPartition> ids = new ArrayList<>();
    partitions.forEach(partition -> ids.add(broker.topic().id(partition)));
    try {
      callback.accept(ids);
    } catch (RuntimeException e) {
      throw new KafkaException("User rebalance callback throws an error", e);
    }
  }

  private Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetch() {
    if (owned.isEmpty() || fate.isCutOff(faults.slow())) {
      return new HashMap<>();
    }
    Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = new LinkedHashMap<>();
    List<Integer> inTurn = new ArrayList<>(owned.keySet());
    Collections.rotate(inTurn, fate.below(inTurn.size()));
    int room = fate.between(1, MAX_POLL_RECORDS);
    for (int partition : inTurn) {
      Assigned assigned = owned.get(partition);
      if (assigned.paused || !positioned(partition, assigned)) {
        continue;
      }
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (var next = broker.topic().next(partition, assigned.position);
          next != null && room > 0;
          next = broker.topic().next(partition, assigned.position)) {
        if (broker.topic().kills(partition, next.offset())) {
          instance.note("polls a record that kills it:", partition, next.offset());
          broker.topic().killed(partition, next.offset());
          throw instance.blownUp();
        }
        records.add(next);
        assigned.position = next.offset() + 1;
        room--;
      }
      if (!records.isEmpty()) {
        fetched.put(broker.topic().id(partition), records);
        if (fate.isTracing()) {
          instance.note("polls", partition, records.stream().map(ConsumerRecord::offset).toList());
        }
      }
    }
    return fetched;
  }

  private boolean positioned(int partition, Assigned assigned) {
    if (assigned.position < 0) {
      if (!isStable(partition)) {
        return false;
      }
      OffsetAndMetadata committed = broker.topic().committed(partition);
      assigned.position = committed == null ? 0 : committed.offset();
    }
    return true;
  }

  private boolean isStable(int partition) {
    return readsUncommitted || broker.topic().isStable(partition);
  }

  Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> ids, Duration timeout) {
    enter("committed");
    long deadline = fate.micros() + timeout.toNanos() / 1000;
    authorize();
    if (fate.isCutOff(faults.committed())) {
      fate.advance(fate.below(20_000));
      throw new TimeoutException("simulated: no answer about committed offsets");
    }
    while (ids.stream().anyMatch(partition -> !isStable(partition.partition()))) {
      if (fate.micros() >= deadline || fate.strikes(0.1)) {
        instance.note("committed offsets are unstable");
        throw new TimeoutException("simulated: unstable offset commit");
      }
      instance.call("unstable");
      fate.advanceToNext(deadline - fate.micros());
    }
    Map<TopicPartition, OffsetAndMetadata> answer = new HashMap<>();
    for (TopicPartition partition : ids) {
      OffsetAndMetadata offset = broker.topic().committed(partition.partition());
      answer.put(
          partition,
          offset == null
              ? null
              : new OffsetAndMetadata(offset.offset(), Optional.of(7), offset.metadata()));
    }
    instance.note("reads committed offsets", answer);
    return answer;
  }

  void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
    enter("commitSync");
    authorize();
    boolean fails = fate.isCutOff(faults.committed());
    if (fails && fate.oneIn(2)) {
      throw new TimeoutException("simulated: offsets not committed in time");
    }
    if (knownEpoch < 0 || !broker.group().acceptsCommit(knownId, knownEpoch)) {
      throw new CommitFailedException("simulated: not of the group");
    }
    instance.note("commits", offsets);
    offsets.forEach((id, offset) -> broker.topic().commit(id.partition(), offset));
    if (fails) {
      throw new TimeoutException("simulated: no answer to a commit");
    }
  }

  void seek(TopicPartition partition, long offset) {
    enter("seek");
    assigned(partition).position = offset;
  }

  OptionalLong currentLag(TopicPartition partition) {
    enter("currentLag");
    Assigned assigned = assigned(partition);
    if (assigned.position < 0) {
      return OptionalLong.empty();
    }
    boolean more = broker.topic().next(partition.partition(), assigned.position) != null;
    return OptionalLong.of(more ? 1 : 0);
  }

  Set<TopicPartition> assignment() {
    enter("assignment");
    return owned.keySet().stream().map(broker.topic()::id).collect(Collectors.toSet());
  }

  long position(TopicPartition partition, Duration timeout) {
    enter("position");
    Assigned assigned = assigned(partition);
    if (!positioned(partition.partition(), assigned) || fate.isCutOff(faults.committed())) {
      fate.advance(fate.below(20_000));
      throw new TimeoutException("simulated: no position yet");
    }
    return assigned.position;
  }

  void pause(Collection<TopicPartition> partitions) {
    enter("pause");
    partitions.forEach(partition -> assigned(partition).paused = true);
  }

  void resume(Collection<TopicPartition> partitions) {
    enter("resume");
    partitions.forEach(partition -> assigned(partition).paused = false);
  }

  private Assigned assigned(TopicPartition partition) {
    Assigned assigned = owned.get(partition.partition());
    if (assigned == null) {
      throw new IllegalStateException("No current assignment for partition " + partition);
    }
    return assigned;
  }

  ConsumerGroupMetadata groupMetadata() {
    enter("groupMetadata");
    if (member != null && fate.oneIn(2)) {
      // A heartbeat in the background has brought news.
      if (!broker.group().has(member)) {
        forgetMembership();
      } else if (knownEpoch >= 0) {
        knownEpoch = member.epoch;
      }
    }
    return metadata(knownId, knownEpoch, Optional.of(id));
  }

  static ConsumerGroupMetadata metadata(String memberId, int epoch) {
    return metadata(memberId, epoch, Optional.empty());
  }

  @SuppressWarnings("removal") // there is no other way to make one
  private static ConsumerGroupMetadata metadata(
      String memberId, int epoch, Optional<String> instanceId) {
    return new ConsumerGroupMetadata("group", epoch, memberId, instanceId);
  }

  void close(CloseOptions options) {
    instance.call("close consumer");
    if (closed) {
      return;
    }
    try {
      if (!owned.isEmpty()) {
        boolean still = member != null && broker.group().has(member);
        tell(
            still ? listener::onPartitionsRevoked : listener::onPartitionsLost,
            new TreeSet<>(owned.keySet()));
      }
    } finally {
      closed = true;
      owned.clear();
      if (member != null && fate.isCutOff(faults.close())) {
        instance.note("leaves without a word");
        vanish();
      } else if (member != null) {
        broker.group().remove(member);
      }
    }
    if (fate.strikes(faults.close())) {
      instance.note("close fails");
      throw new KafkaException("Failed to close kafka consumer");
    }
  }

  /** Does nothing any more; the group notices after a session's time. */
  void vanish() {
    Member vanished = member;
    if (vanished != null) {
      broker.group().silent(vanished, broker.sessionMicros());
    }
  }

  private void enter(String what) {
    instance.call(what);
    if (closed) {
      throw new IllegalStateException("This consumer has already been closed.");
    }
  }
}
