package io.offboarder.stream;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The work that one record asks for. */
public interface RecordWork {

  /**
   * What the record is about. Work of one subject runs one after another, in the order of delivery.
   * Work without a subject (null) waits for no other.
   */
  @Nullable String subject();

  /** What it and its result hold in memory beside the record, about; in bytes. */
  default long heldBytes() {
    return 0;
  }

  /**
   * Starts the work, on the executor that the engine was given. Must not block.
   *
   * <p>The future may complete on any thread. It should not fail: a record without a result cannot
   * count as finished, so the engine starts failed work again, after a back-off, until it succeeds.
   *
   * @param context of this attempt
   * @return what writes the result, once the work is done
   */
  Future<ResultWriter> start(WorkContext context);
}
