package io.offboarder.stream;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The topics that results are written to, so that an instance can end there what a transaction of
 * its name has left open. Kafka 4.4.0 takes a transaction for complete whose markers it could not
 * write (KAFKA-20734); what the transaction wrote hides all that comes after it until the next one
 * of the same transactional id writes to the same partition.
 *
 * @param topics all of them but {@code compacted}
 * @param compacted the compacted topic from which late work is read, whose readers make nothing of
 *     a tombstone for {@link #NO_KEY}; null where there is none
 */
public record ResultTopics(List<String> topics, @Nullable String compacted) {
  /** The key of tombstones that end nothing but a transaction. */
  public static final String NO_KEY = "end-of-transaction";

  /** None that is known. */
  public static final ResultTopics NONE = new ResultTopics(List.of(), null);

  /** Copies the list. */
  public ResultTopics {
    topics = List.copyOf(topics);
  }
}
