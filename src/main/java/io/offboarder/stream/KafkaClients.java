package io.offboarder.stream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * Makes the clients that the loop owns. A seam: the loop is tested against a simulated broker in
 * virtual time.
 */
interface KafkaClients {

  /** The consumer's half of Kafka's membership protocol. */
  enum GroupProtocol {
    /** KIP-848: the broker assigns. */
    CONSUMER,
    /** The members assign, cooperatively, and choose how long their sessions last. */
    CLASSIC
  }

  /** A consumer that is subscribed to nothing yet. */
  Consumer<byte[], byte[]> consumer(GroupProtocol protocol);

  /** A reader of partitions that may hold records too large for the consumer. */
  CarefulReader carefulReader();

  /** Appends to the journal; asked for only where there is one. */
  JournalWriter journalWriter();

  /** Reads the journal; asked for only where there is one. */
  JournalReader journalReader(JournalReader.Use use);

  /**
   * Whether the last transaction of this instance's name is known to have been committed, though
   * perhaps not all of it is visible yet. Waits for Kafka, up to some seconds.
   */
  boolean wasLastCommitted();

  /** A producer whose transactions are not initialised yet. */
  Producer<byte[], byte[]> producer();
}
