package io.offboarder.stream;

import io.offboarder.stream.JournalEntry.Placed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Reads the journal's topic. A seam: the engine is tested against a simulated one. For one thread,
 * but for {@link #wake}. Every method may throw a {@link org.apache.kafka.common.KafkaException}:
 * to be tried again.
 */
interface JournalReader extends AutoCloseable {

  /** What a reader is for. */
  enum Use {
    /**
     * Waits at the journal's end. A broker answers as soon as there is an entry, and an answer
     * without one costs both sides as much.
     */
    FOLLOW("journal-tail", Duration.ofSeconds(2)),
    /**
     * Reads what is there, here and there. Behind a request that waits for an entry the next one
     * would have to wait too.
     */
    LOOK_BACK("journal-restoration", Duration.ofMillis(10));

    private final String clientName;
    private final Duration fetchWait;

    Use(String clientName, Duration fetchWait) {
      this.clientName = clientName;
      this.fetchWait = fetchWait;
    }

    String clientName() {
      return clientName;
    }

    /** How long a broker may keep a request. */
    Duration fetchWait() {
      return fetchWait;
    }
  }

  /** Where the next entry will stand. */
  long end();

  /**
   * Where the last stretch of the journal begins, by the time of its last entry, whosever that is.
   * Where it is empty, its end.
   */
  Stretch since(Duration beforeLast);

  /**
   * Reads some entries.
   *
   * @param from where to read on. If the journal does not have that any more, or not yet, it is
   *     read from the first entry that it has
   * @param patience how long to wait for an entry
   */
  Portion read(long from, Duration patience);

  /** Ends a read that waits for an entry, or else the next one. From any thread. */
  void wake();

  /** Closes its connections. */
  @Override
  void close();

  /** The journal from this place, and this time, to its end. */
  record Stretch(long begin, Instant from) {}

  /**
   * Some entries.
   *
   * @param entries of this group, in order
   * @param from where they were read from: elsewhere than asked if the journal does not have that
   * @param next where to read on
   */
  record Portion(List<Placed> entries, long from, long next) {}
}
