package io.offboarder.stream;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What a service does with each record. */
@FunctionalInterface
public interface RecordProcessor {

  /**
   * Looks at a record and says what is to be done about it. Called once per delivery on the Kafka
   * thread, so it may decode but must not wait; the work itself starts later, elsewhere.
   *
   * <p>Must not throw: a record that cannot be understood is work too, namely to say so.
   */
  RecordWork prepare(ConsumerRecord<byte[], byte[]> record);
}
