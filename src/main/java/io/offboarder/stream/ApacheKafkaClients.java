package io.offboarder.stream;

import io.offboarder.stream.JournalReader.Use;
import io.offboarder.stream.StreamListener.Client;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's own clients, with the caller's settings between our defaults and what must hold. */
final class ApacheKafkaClients implements KafkaClients {
  /** The shortest that brokers allow by default; a crash stops a partition for this long. */
  private static final int SESSION_TIMEOUT_MILLIS = 6_000;

  /** Also how long a member may take to learn of a rebalance. */
  private static final int HEARTBEAT_INTERVAL_MILLIS = 500;

  private final StreamSettings settings;
  private final StreamListener listener;
  private final Incarnation self;
  private final GroupAdmin admin;
  private int consumers;

  ApacheKafkaClients(
      StreamSettings settings, StreamListener listener, Incarnation self, GroupAdmin admin) {
    this.settings = settings;
    this.listener = listener;
    this.self = self;
    this.admin = admin;
  }

  @Override
  public Consumer<byte[], byte[]> consumer(GroupProtocol protocol) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    // These bound what a poll decompresses, and what waits to be decompressed.
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, StreamSettings.MAX_POLL_RECORDS);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 16 << 20);
    if (protocol == GroupProtocol.CLASSIC) {
      config.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          List.of(
              TopicBalancedAssignor.class.getName(), CooperativeStickyAssignor.class.getName()));
      config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
      config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, HEARTBEAT_INTERVAL_MILLIS);
    }
    config.putAll(settings.clientProperties());
    config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, protocol.name().toLowerCase(Locale.ROOT));
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.groupId());
    config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, self.membership(++consumers));
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.instanceId());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    Consumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    listener.opened(Client.CONSUMER, consumer::metrics);
    return consumer;
  }

  @Override
  public CarefulReader carefulReader() {
    return new ApacheCarefulReader(settings.clientProperties());
  }

  @Override
  public JournalWriter journalWriter() {
    return new ApacheJournalWriter(settings, journalFormat());
  }

  @Override
  public JournalReader journalReader(Use use) {
    return new ApacheJournalReader(settings, journalFormat(), use);
  }

  private JournalFormat journalFormat() {
    return new JournalFormat(Objects.requireNonNull(settings.journal()), settings.groupId());
  }

  @Override
  public boolean wasLastCommitted() {
    return admin.wasLastCommitted(settings.instanceId());
  }

  @Override
  public Producer<byte[], byte[]> producer() {
    Map<String, Object> config = new HashMap<>();
    // A transaction is open for milliseconds; what a crash leaves open blocks readers this long.
    config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 20_000);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 15_000);
    // The coordinator answers CONCURRENT_TRANSACTIONS while it ends the last transaction; with the
    // default of 100 ms that wait is most of a small transaction's time.
    config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    // Every transaction ends in a flush, which waits for nobody; until then its records gather.
    config.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    // A result may repeat its input, so the limits of the topics decide, not the client's.
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 32 << 20);
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
    config.putAll(settings.clientProperties());
    config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, settings.transactionalId());
    config.put(ProducerConfig.CLIENT_ID_CONFIG, settings.instanceId());
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    listener.opened(Client.PRODUCER, producer::metrics);
    return producer;
  }
}
