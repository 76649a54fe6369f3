package io.offboarder.stream;

import io.offboarder.stream.KafkaClients.GroupProtocol;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the consumer: makes it, polls it, and replaces it when an error has made it unusable. Every
 * exception of a poll ends here and becomes a pause before the next attempt, a new consumer, or a
 * {@link StreamFailure}. Confined to the Kafka thread.
 */
final class GroupConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(GroupConsumer.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

  private final Collection<String> topics;
  private final KafkaClients clients;
  private final ConsumerRebalanceListener rebalance;
  private final Runnable discarded;
  private final FailureBackoff failures;
  private GroupProtocol protocol;
  private @Nullable Consumer<byte[], byte[]> consumer;

  /** Whether there ever was a consumer: if so, its settings are valid. */
  private boolean madeOne;

  /**
   * An owner that has no consumer yet.
   *
   * @param rebalance called from a poll when partitions come and go
   * @param discarded called before a consumer is closed that is not used any more
   */
  GroupConsumer(
      StreamSettings settings,
      KafkaClients clients,
      LoopClock clock,
      ConsumerRebalanceListener rebalance,
      Runnable discarded) {
    this.topics = settings.topics();
    this.clients = clients;
    this.rebalance = rebalance;
    this.discarded = discarded;
    this.protocol = settings.groupProtocol();
    this.failures = new FailureBackoff("reading from Kafka", clock);
  }

  /** The consumer, if there is one. */
  @Nullable Consumer<byte[], byte[]> get() {
    return consumer;
  }

  /**
   * Makes the consumer if there is none; it joins the group with its first poll. Where a second one
   * cannot be made, say because a name does not resolve, this is tried again after a back-off.
   */
  @Nullable Consumer<byte[], byte[]> open() {
    if (consumer == null && !isBackingOff()) {
      try {
        Consumer<byte[], byte[]> opening = clients.consumer(protocol);
        opening.subscribe(topics, rebalance);
        consumer = opening;
        madeOne = true;
      } catch (KafkaException e) {
        if (!madeOne) {
          throw e;
        }
        failures.failed(e);
      }
    }
    return consumer;
  }

  /** Whether the pause after an error has not passed yet. */
  boolean isBackingOff() {
    return failures.isBackingOff();
  }

  /**
   * Polls.
   *
   * @return empty if the poll failed; there may be no consumer any more
   * @throws StreamFailure if the error does not pass by waiting
   * @throws InterruptException if the Kafka thread was interrupted
   */
  Optional<ConsumerRecords<byte[], byte[]>> poll(Consumer<byte[], byte[]> open, Duration timeout) {
    try {
      ConsumerRecords<byte[], byte[]> records = open.poll(timeout);
      failures.over();
      return Optional.of(records);
    } catch (UnsupportedVersionException e) {
      if (protocol == GroupProtocol.CLASSIC) {
        throw e;
      }
      LOG.warn("This Kafka does not know group.protocol=consumer; using classic instead");
      protocol = GroupProtocol.CLASSIC;
      discard();
    } catch (InterruptException stopping) {
      throw stopping;
    } catch (RuntimeException e) {
      StreamFailure failure = KafkaErrors.failure("reading", e);
      if (failure != null) {
        throw failure;
      }
      failures.failed(e);
      if (!(e instanceof RetriableException)) {
        discard();
      }
    }
    return Optional.empty();
  }

  /** Closes the consumer and leaves the group. What it had read is read again by the next one. */
  void discard() {
    close(CLOSE_TIMEOUT);
  }

  /**
   * The same.
   *
   * @param within how long Kafka may take to answer
   */
  void close(Duration within) {
    Consumer<byte[], byte[]> closing = consumer;
    consumer = null;
    discarded.run();
    if (closing != null) {
      try {
        closing.close(
            CloseOptions.timeout(within)
                .withGroupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
      } catch (KafkaException e) {
        // It is closed nevertheless, and the group drops it when its session ends.
        LOG.warn("The consumer did not close in good order: {}", FailureBackoff.oneLine(e));
      }
    }
  }

  /** How many records of a partition are in Kafka and not yet read; -1 while that is not known. */
  long lag(TopicPartition id) {
    Consumer<byte[], byte[]> open = consumer;
    try {
      return open == null ? -1 : open.currentLag(id).orElse(-1);
    } catch (IllegalStateException notAssigned) {
      return -1;
    }
  }

  /** What stands in the way of reading, in words; empty if nothing does. */
  String problem() {
    return failures.reason();
  }
}
