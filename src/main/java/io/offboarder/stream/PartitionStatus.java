package io.offboarder.stream;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How one partition stands.
 *
 * @param oldestWaits how long its oldest unfinished record has been that; zero if there is none
 * @param span how far it has run ahead of that record
 * @param lag records that are in Kafka and not yet read; -1 while that is not known
 * @param waiting records in flight that wait for an earlier one of their subject
 * @param crowdedFor for how long it has had no room for its next record; zero if it has
 * @param hiddenFor for how long an open transaction of another producer has kept its next records
 *     from being read; zero if none does
 * @param held records that were read and have no committed result
 * @param oldest when Kafka took in the oldest record that is held; null if none is, or its time is
 *     not known
 */
public record PartitionStatus(
    String topic,
    int partition,
    Duration oldestWaits,
    long span,
    long lag,
    int waiting,
    Duration crowdedFor,
    Duration hiddenFor,
    int held,
    @Nullable Instant oldest) {

  /** Records without a committed result, in Kafka and here. */
  public long backlog() {
    return Math.max(lag, 0) + held;
  }

  /** How long ago Kafka took in the oldest record that is held; zero if none is. */
  public Duration oldestAge(Instant now) {
    return oldest == null || oldest.isAfter(now) ? Duration.ZERO : Duration.between(oldest, now);
  }
}
