package io.offboarder.stream;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What finished work publishes, all of it in the transaction that marks its record as finished.
 *
 * @param records to be published; the same bytes are sent again if a transaction is aborted
 * @param shortened writes what to publish instead if Kafka refuses one of the records as too large;
 *     null if there is nothing shorter
 */
public record Result(
    List<ProducerRecord<byte[], byte[]>> records, @Nullable ResultWriter shortened) {

  /** Copies the list. */
  public Result {
    records = List.copyOf(records);
  }

  /** The same with further records, which its shorter forms have too. */
  public Result with(List<ProducerRecord<byte[], byte[]>> further) {
    if (further.isEmpty()) {
      return this;
    }
    List<ProducerRecord<byte[], byte[]>> all = new ArrayList<>(records);
    all.addAll(further);
    ResultWriter shorter = shortened;
    return new Result(all, shorter == null ? null : () -> shorter.write().with(further));
  }

  /** A result that is never too large. */
  public static Result of(List<ProducerRecord<byte[], byte[]>> records) {
    return new Result(records, null);
  }
}
