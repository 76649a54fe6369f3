package io.offboarder.stream;

import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What is to be done about one record. */
public interface RecordWork {

  /**
   * What the record is about. Work of one subject runs one after another, in the order of delivery;
   * null is about nothing in particular and waits for nobody.
   */
  @Nullable String subject();

  /**
   * Starts the work, on the executor that the engine was given. The future completes on any thread.
   * What it completes with is called once, on the Kafka thread, and says what is to be published:
   * to write that down takes time, which the thread that does the work is short of. Neither should
   * fail: an engine that has no result for a record cannot call it finished, so it starts failed
   * work again, after a back-off, for as long as it fails.
   *
   * @param wanted false from the moment that the record's partition is being given up; work that
   *     has done nothing by then should fail instead, so that whoever gets the partition does it
   *     whole. From any thread.
   */
  Future<Supplier<Result>> start(BooleanSupplier wanted);
}
