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
}
