package io.offboarder.stream;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * What an instance may ask and do about the members of its group, and ask about its partitions. A
 * seam, like {@link KafkaClients}: the engine is tested against a simulated group. Calls wait for
 * Kafka, up to some seconds. For any thread.
 */
interface GroupAdmin extends AutoCloseable {

  /**
   * All members of the group; none while there is no such group.
   *
   * @throws org.apache.kafka.common.errors.GroupAuthorizationException where Kafka does not allow
   *     to look
   */
  List<GroupMember> members();

  /**
   * Removes a member, so that its partitions move. One that is alive finds out with its next
   * heartbeat, loses what it has not committed, and joins again.
   *
   * @return whether it was removed: not if it had left before, has no {@link
   *     GroupMember#membership}, or uses {@code group.protocol=consumer}
   */
  boolean remove(GroupMember member);

  /**
   * Aborts the transaction that an instance has left open, if there is one: nobody can read
   * committed offsets and results beyond it until it ends.
   */
  void endTransaction(String instanceId);

  /**
   * Whether the last transaction of an instance was to be committed, even if not all of it is
   * visible yet. False where a producer was initialised since: most often because the transaction
   * was to be aborted.
   */
  boolean wasLastCommitted(String instanceId);

  /**
   * The offsets after the last record of partitions, asked without waiting.
   *
   * @param level which records count
   */
  CompletionStage<Map<TopicPartition, Long>> endOffsets(
      Set<TopicPartition> partitions, IsolationLevel level);

  @Override
  void close();
}
