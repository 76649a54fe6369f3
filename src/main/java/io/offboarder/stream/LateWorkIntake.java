package io.offboarder.stream;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Takes late work in as far as there is room for it, and tells its source which partitions this
 * instance owns. Confined to the Kafka thread.
 */
final class LateWorkIntake {
  private final LateWorkSource source;
  private final WorkRunner runner;

  /** The partitions that the source may give out work of. */
  private final Map<TopicPartition, Partition> open = new HashMap<>();

  LateWorkIntake(LateWorkSource source, WorkRunner runner) {
    this.source = source;
    this.runner = runner;
  }

  /** A partition is restored: its former owner's last transaction has ended. */
  void restored(Partition partition) {
    open.put(partition.id(), partition);
    source.assigned(partition.id());
  }

  /** A partition is being given up, or is gone. */
  void leaving(Partition partition) {
    if (open.remove(partition.id(), partition)) {
      source.lost(partition.id());
    }
  }

  /** Takes in what may start. */
  void admit() {
    open.forEach(
        (id, partition) -> partition.notes().forgetLateWork(offset -> source.isOpen(id, offset)));
    while (runner.hasRoomForLateWork()) {
      LateWork next = source.next();
      if (next == null) {
        return;
      }
      Partition partition = open.get(next.partition());
      if (partition == null) {
        throw new IllegalStateException(
            "late work was given out of "
                + next.partition()
                + ", which this instance does not own");
      }
      runner.admit(new InFlightLateWork(next, partition));
    }
  }
}
