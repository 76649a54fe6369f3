package io.offboarder.stream;

import java.time.Duration;

/**
 * How one partition stands.
 *
 * @param oldestWaits how long its oldest unfinished record has been that; zero if there is none
 * @param span how far it has run ahead of that record
 * @param lag records that are in Kafka and not yet read; -1 while that is not known
 * @param waiting records in flight that wait for an earlier one of their subject
 * @param crowdedFor for how long it has had no room for its next record; zero if it has
 */
public record PartitionStatus(
    String topic,
    int partition,
    Duration oldestWaits,
    long span,
    long lag,
    int waiting,
    Duration crowdedFor) {}
