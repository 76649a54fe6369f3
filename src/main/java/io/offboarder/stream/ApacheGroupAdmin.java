package io.offboarder.stream;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.jspecify.annotations.Nullable;

/** Kafka's own admin client, made when it is first needed. */
final class ApacheGroupAdmin implements GroupAdmin {
  private static final int TIMEOUT_MILLIS = 10_000;

  private static final Set<TransactionState> COMMITTED =
      Set.of(TransactionState.PREPARE_COMMIT, TransactionState.COMPLETE_COMMIT);

  private final StreamSettings settings;
  private @Nullable Admin admin;
  private boolean closed;

  ApacheGroupAdmin(StreamSettings settings) {
    this.settings = settings;
  }

  private synchronized Admin admin() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    Admin open = admin;
    if (open == null) {
      Map<String, Object> config = new HashMap<>();
      // Aborting a transaction takes its coordinator a moment, in which the client asks again.
      config.put(AdminClientConfig.RETRY_BACKOFF_MS_CONFIG, 20);
      config.putAll(settings.clientProperties());
      config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
      config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
      open = Admin.create(config);
      admin = open;
    }
    return open;
  }

  @Override
  public List<GroupMember> members() {
    try {
      ConsumerGroupDescription group =
          get(
              admin()
                  .describeConsumerGroups(List.of(settings.groupId()))
                  .describedGroups()
                  .get(settings.groupId()));
      return group.members().stream().map(ApacheGroupAdmin::member).toList();
    } catch (GroupIdNotFoundException noneYet) {
      return List.of();
    }
  }

  private static GroupMember member(MemberDescription member) {
    String host = member.host();
    return new GroupMember(
        member.clientId(),
        member.groupInstanceId().orElse(""),
        host.startsWith("/") ? host.substring(1) : host);
  }

  @Override
  public boolean remove(GroupMember member) {
    if (member.membership().isEmpty()) {
      return false;
    }
    MemberToRemove one = new MemberToRemove(member.membership());
    RemoveMembersFromConsumerGroupOptions options =
        new RemoveMembersFromConsumerGroupOptions(List.of(one));
    options.reason("its process is gone");
    try {
      get(admin().removeMembersFromConsumerGroup(settings.groupId(), options).memberResult(one));
      return true;
    } catch (UnknownMemberIdException notOne) {
      return false;
    }
  }

  @Override
  public void endTransaction(String instanceId) {
    if (lastTransaction(instanceId).filter(TransactionState.ONGOING::equals).isPresent()) {
      get(admin().fenceProducers(List.of(settings.transactionalId(instanceId))).all());
    }
  }

  @Override
  public boolean wasLastCommitted(String instanceId) {
    return lastTransaction(instanceId).filter(COMMITTED::contains).isPresent();
  }

  /** Empty where it never made one. */
  private Optional<TransactionState> lastTransaction(String instanceId) {
    String id = settings.transactionalId(instanceId);
    try {
      return Optional.of(get(admin().describeTransactions(List.of(id)).description(id)).state());
    } catch (TransactionalIdNotFoundException none) {
      return Optional.empty();
    }
  }

  @Override
  public CompletionStage<Map<TopicPartition, Long>> endOffsets(
      Set<TopicPartition> partitions, IsolationLevel level) {
    Map<TopicPartition, OffsetSpec> ends =
        partitions.stream().collect(Collectors.toMap(id -> id, id -> OffsetSpec.latest()));
    return admin()
        .listOffsets(ends, new ListOffsetsOptions(level))
        .all()
        .toCompletionStage()
        .thenApply(
            offsets ->
                offsets.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, end -> end.getValue().offset())));
  }

  /** Completes when any broker has answered; fails some seconds after it was asked. */
  CompletionStage<?> anyAnswer() {
    return admin().describeCluster().clusterId().toCompletionStage();
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new KafkaException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}
