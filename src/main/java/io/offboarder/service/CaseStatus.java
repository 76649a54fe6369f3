package io.offboarder.service;

import io.offboarder.cases.CaseState;
import java.time.Duration;
import java.util.Map;

/**
 * How what waits stands; an immutable snapshot, some seconds old.
 *
 * @param waiting how many cases there are in each state, in all partitions
 * @param due how many cases of this instance are due and were not begun
 * @param overdue for how long the case of this instance has been due that has been for the longest
 *     and was not begun; zero where there is none
 * @param withoutOwner how many came from topics that this service does not read
 * @param held for how long the case has waited for a person that has for the longest; zero for none
 * @param unreadable records of the topic that this instance has passed over since its start
 * @param behind how long ago this instance last knew all that lay on the topic
 */
public record CaseStatus(
    Map<CaseState, Integer> waiting,
    int due,
    Duration overdue,
    int withoutOwner,
    Duration held,
    long unreadable,
    Duration behind) {
  /** Nothing waits. */
  static final CaseStatus NONE =
      new CaseStatus(Map.of(), 0, Duration.ZERO, 0, Duration.ZERO, 0, Duration.ZERO);

  /** Copies the map. */
  public CaseStatus {
    waiting = Map.copyOf(waiting);
  }
}
