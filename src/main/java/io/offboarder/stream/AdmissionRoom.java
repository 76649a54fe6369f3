package io.offboarder.stream;

import java.util.Collection;

/**
 * The room for more records in flight, as it is for one pass over the partitions. Half of it is
 * reserved for the partitions, in equal parts; the other half belongs to those that come first. So
 * however much one partition holds, each of the others can begin.
 *
 * <p>There are two bounds: on the records whose work may run, and on the bytes of all records,
 * those that wait for an earlier one of their subject included. Late work takes its places first.
 */
final class AdmissionRoom {
  private final WorkRunner runner;
  private final int maxRecords;
  private final long maxBytes;
  private final int ownRecords;
  private final long ownBytes;

  /** What is reserved and not taken. */
  private int reservedRecords;

  private long reservedBytes;

  AdmissionRoom(StreamSettings settings, WorkRunner runner, Collection<Partition> partitions) {
    this.runner = runner;
    this.maxRecords = Math.max(1, settings.maxRecordsInFlight() - runner.lateWork());
    this.maxBytes = settings.maxBytesInFlight();
    int shares = 2 * Math.max(1, partitions.size());
    this.ownRecords = Math.max(1, maxRecords / shares);
    this.ownBytes = maxBytes / shares;
    for (Partition partition : partitions) {
      reservedRecords += ownRecordsLeft(partition);
      reservedBytes += ownBytesLeft(partition);
    }
  }

  private int ownRecordsLeft(Partition partition) {
    return Math.max(0, ownRecords - partition.load().active());
  }

  private long ownBytesLeft(Partition partition) {
    return Math.max(0, ownBytes - partition.load().bytes());
  }

  /** Whether a partition may have another record of this size in flight. */
  boolean isThereFor(Partition partition, long bytes) {
    if (runner.records() == 0) {
      return true;
    }
    int othersRecords = reservedRecords - ownRecordsLeft(partition);
    long othersBytes = reservedBytes - ownBytesLeft(partition);
    boolean recordFits =
        ownRecordsLeft(partition) > 0
            ? runner.active() < maxRecords
            : runner.active() + othersRecords < maxRecords;
    boolean bytesFit =
        bytes <= ownBytesLeft(partition)
            ? runner.bytes() + bytes <= maxBytes
            : runner.bytes() + bytes + othersBytes <= maxBytes;
    return recordFits && bytesFit;
  }

  /** Lets a partition take the room for a record. */
  void admit(InFlightRecord record) {
    Partition partition = record.partition();
    reservedRecords -= ownRecordsLeft(partition);
    reservedBytes -= ownBytesLeft(partition);
    runner.admit(record);
    reservedRecords += ownRecordsLeft(partition);
    reservedBytes += ownBytesLeft(partition);
  }
}
