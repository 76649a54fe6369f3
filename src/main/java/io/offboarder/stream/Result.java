package io.offboarder.stream;

import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What finished work publishes, all of it in the transaction that marks its record as finished.
 *
 * @param records to be published; the same bytes are sent again if a transaction is aborted
 * @param shortened what to publish instead if Kafka refuses one of the records as too large; null
 *     where there is nothing shorter to say
 */
public record Result(
    List<ProducerRecord<byte[], byte[]>> records, @Nullable Supplier<Result> shortened) {

  /** Copies the list. */
  public Result {
    records = List.copyOf(records);
  }

  /** A result that is never too large. */
  public static Result of(List<ProducerRecord<byte[], byte[]>> records) {
    return new Result(records, null);
  }
}
