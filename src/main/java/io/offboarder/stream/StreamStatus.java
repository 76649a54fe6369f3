package io.offboarder.stream;

import java.time.Duration;
import java.util.List;

/**
 * A snapshot of what an engine is doing; replaced at least every second while its loop turns.
 *
 * @param phase where it is in its life
 * @param partitions assigned and restored, each as it stands
 * @param recordsInFlight admitted and not yet committed
 * @param problem why reading from Kafka or publishing to it fails at the moment, in words; empty if
 *     nothing is wrong
 * @param journalFailingFor for how long the journal could not be written, or not be read; zero if
 *     it can be, or there is none
 * @param aliveAt when both of the engine's threads were last seen alive, by the engine's clock
 */
public record StreamStatus(
    Phase phase,
    List<PartitionStatus> partitions,
    int recordsInFlight,
    String problem,
    Duration journalFailingFor,
    Duration aliveAt) {

  /** Copies the list. */
  public StreamStatus {
    partitions = List.copyOf(partitions);
  }

  /** Where an engine is in its life. */
  public enum Phase {
    /** Not yet a member of the group. */
    STARTING,
    /** Polling, without its whole share of the partitions: it is not given out, or not restored. */
    JOINING,
    /** Polling, with all that the group has given it, which may be nothing. */
    RUNNING,
    /** Finishing or handing back what is in flight. */
    STOPPING,
    /** Left the group, closed its clients. */
    STOPPED
  }
}
