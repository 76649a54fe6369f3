package io.offboarder.stream;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** An admin client of a group that is somewhere else. */
record SimulatedGroupAdmin(Supplier<List<GroupMember>> looking, Predicate<GroupMember> removing)
    implements GroupAdmin {

  /** One that can only look. */
  SimulatedGroupAdmin(Supplier<List<GroupMember>> looking) {
    this(looking, member -> false);
  }

  @Override
  public List<GroupMember> members() {
    return looking.get();
  }

  @Override
  public boolean remove(GroupMember member) {
    return removing.test(member);
  }

  @Override
  public void endTransaction(String instanceId) {
    throw new UnsupportedOperationException();
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
}
