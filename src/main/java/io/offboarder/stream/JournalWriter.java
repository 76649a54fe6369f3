package io.offboarder.stream;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the journal's topic. A seam: the engine is tested against a simulated one. For one
 * thread.
 */
interface JournalWriter extends AutoCloseable {

  /**
   * Appends an entry. May block for as long as Kafka's client waits for a topic.
   *
   * @param backlog whether records wait for room, so that there is time to gather entries
   */
  void append(JournalEntry entry, boolean backlog, Appended appended);

  /** Closes its connections; what is under way may or may not be appended. */
  @Override
  void close();

  /** How an append ended. */
  @FunctionalInterface
  interface Appended {
    /** Called once, on any thread: with the place, or with what went wrong. */
    void ended(@Nullable Place place, @Nullable Exception failure);
  }

  /** Where an entry stands, and when the broker took it in. */
  record Place(long offset, Instant at) {}
}
