package io.offboarder.stream;

import java.time.Duration;
import java.util.List;

/**
 * What an engine was doing when it last looked at itself; replaced at least every second while its
 * loop turns.
 *
 * @param phase where it is in its life
 * @param partitions assigned and restored, each as it stands
 * @param recordsInFlight admitted and not yet committed
 * @param trouble what it is waiting for to heal, in words; empty when nothing is wrong
 * @param aliveAt when both of the engine's threads had last come round, by the engine's clock
 */
public record StreamStatus(
    Phase phase,
    List<PartitionStatus> partitions,
    int recordsInFlight,
    String trouble,
    Duration aliveAt) {

  /** Copies the list. */
  public StreamStatus {
    partitions = List.copyOf(partitions);
  }

  /** Where an engine is in its life. */
  public enum Phase {
    /** Not yet a member of the group. */
    STARTING,
    /** Polling. */
    RUNNING,
    /** Finishing or handing back what is in flight. */
    STOPPING,
    /** Left the group, closed its clients. */
    STOPPED
  }
}
