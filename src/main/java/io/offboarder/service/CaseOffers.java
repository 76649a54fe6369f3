package io.offboarder.service;

import io.offboarder.stream.LateWork;
import io.offboarder.stream.LateWorkSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Hands what is due from the event loop, which knows it, to the Kafka thread, which starts it. An
 * offer that was made for an earlier ownership of its partition is discarded.
 */
final class CaseOffers implements LateWorkSource {
  private final Executor loop;
  private final Queue<Offer> offered = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  /** Which ownership of each partition is the present one. On the Kafka thread only. */
  private final Map<TopicPartition, Long> owned = new HashMap<>();

  /** Of which records it was asked whether late work of them may still come. */
  private final Set<Asked> asked = new HashSet<>();

  /** Those of which none will. */
  private final Set<Asked> closed = ConcurrentHashMap.newKeySet();

  private long ownerships;
  private @Nullable Taker taker;
  private volatile BooleanSupplier hidden = () -> false;

  private record Offer(LateWork work, long ownership) {}

  private record Asked(TopicPartition partition, long ownership, long offset) {}

  /** Told on the event loop what happens to partitions. */
  interface Taker {
    /** A partition is owned from now on. */
    void assigned(TopicPartition partition, long ownership);

    /** A partition is not. */
    void lost(TopicPartition partition);

    /** Runs this, on the event loop, if no case of a record waits once all is known of it. */
    void ifNoneWaits(TopicPartition partition, long ownership, long offset, Runnable then);

    /** There is room for more offers. */
    void wanted();
  }

  /** Offers that are made on this loop. */
  CaseOffers(Executor loop) {
    this.loop = loop;
  }

  /**
   * Tells somebody, from before the first partition is assigned. On the event loop.
   *
   * @param isHidden whether the end of the cases' topic is hidden from the table
   */
  void tell(Taker of, BooleanSupplier isHidden) {
    taker = of;
    hidden = isHidden;
  }

  /** Offers work of a partition under its ownership. On the event loop. */
  void offer(LateWork work, long ownership) {
    size.incrementAndGet();
    offered.add(new Offer(work, ownership));
  }

  /** How many offers wait to be taken. */
  int size() {
    return size.get();
  }

  @Override
  public void assigned(TopicPartition partition) {
    long ownership = ++ownerships;
    owned.put(partition, ownership);
    onLoop(to -> to.assigned(partition, ownership));
  }

  @Override
  public void lost(TopicPartition partition) {
    owned.remove(partition);
    asked.removeIf(one -> one.partition().equals(partition));
    closed.removeIf(one -> one.partition().equals(partition));
    onLoop(to -> to.lost(partition));
  }

  @Override
  public @Nullable LateWork next() {
    for (Offer offer = offered.poll(); offer != null; offer = offered.poll()) {
      if (size.decrementAndGet() == 0) {
        onLoop(Taker::wanted);
      }
      Long present = owned.get(offer.work().partition());
      if (present != null && present == offer.ownership()) {
        return offer.work();
      }
    }
    return null;
  }

  /**
   * True until the event loop has said otherwise; of a case that waits, its work ends the matter.
   */
  @Override
  public boolean isOpen(TopicPartition partition, long offset) {
    Long ownership = owned.get(partition);
    if (ownership == null) {
      return true;
    }
    Asked about = new Asked(partition, ownership, offset);
    if (asked.add(about)) {
      onLoop(to -> to.ifNoneWaits(partition, ownership, offset, () -> closed.add(about)));
    }
    return !closed.contains(about);
  }

  @Override
  public boolean isHidden() {
    return hidden.getAsBoolean();
  }

  private void onLoop(java.util.function.Consumer<Taker> task) {
    loop.execute(
        () -> {
          Taker to = taker;
          if (to != null) {
            task.accept(to);
          }
        });
  }
}
