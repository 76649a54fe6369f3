package io.offboarder.guard;

import java.time.Instant;
import java.util.List;

/**
 * Which bounds have tripped and wait for a person.
 *
 * @param asOf the place in the journal before which everything was taken into account
 */
public record GuardState(long asOf, List<Trip> trips) {
  /** Before anything was read. */
  public static final GuardState NONE = new GuardState(0, List.of());

  /** Copies the list. */
  public GuardState {
    trips = List.copyOf(trips);
  }

  /** Whether anything waits for a person. */
  public boolean isTripped() {
    return !trips.isEmpty();
  }

  /**
   * A bound that was hit, or that a person has tripped.
   *
   * @param offset in the journal, of the first case that was held, or of the person's word
   * @param at when that was
   */
  public record Trip(GuardKey key, long offset, Instant at) {}
}
