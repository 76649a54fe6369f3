package io.offboarder.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a service does with each record. */
@FunctionalInterface
public interface RecordProcessor {

  /**
   * Looks at a record and returns the work that it asks for, which starts later and elsewhere.
   * Called once per delivery, on the Kafka thread: it may decode but must not wait.
   *
   * <p>Must not throw. For a record that cannot be understood, the work is to publish just that.
   */
  RecordWork prepare(ConsumerRecord<byte[], byte[]> record);

  /**
   * Returns the work for a record that is too large to be read whole, and that the engine therefore
   * cannot deliver. By default it is prepared as what is left of it.
   */
  default RecordWork setAside(IncompleteRecord record) {
    return prepare(record);
  }
}
