package io.offboarder.testing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;

/**
 * What a test does with topics: make them, fill them, and read them as a committed reader sees
 * them.
 */
public final class Topics {
  private final Map<String, Object> client;

  /** Topics of the broker that these servers belong to. */
  public Topics(String bootstrapServers) {
    client = Map.of("bootstrap.servers", bootstrapServers);
  }

  /** Creates a topic, and waits until its partitions can be written to. */
  public void create(String topic, int partitions, Map<String, String> config) {
    create(List.of(new NewTopic(topic, partitions, (short) 1).configs(config)));
  }

  /**
   * Creates topics, and waits until their partitions can be written to. A broker knows of a topic
   * before it has the partitions' logs, and a producer that writes in between may lose its order.
   */
  public void create(List<NewTopic> topics) {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (NewTopic topic : topics) {
      for (int partition = 0; partition < topic.numPartitions(); partition++) {
        ends.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
      }
    }
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(topics).all().get();
      Awaitility.await("the partitions of " + ends.keySet())
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> admin.listOffsets(ends).all().get() != null);
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Deletes a group, with its offsets, once it has no members. */
  public void forgetOffsets(String group) {
    try (Admin admin = Admin.create(client)) {
      Awaitility.await("the end of group " + group)
          .atMost(Duration.ofSeconds(30))
          .ignoreExceptions()
          .until(() -> admin.deleteConsumerGroups(List.of(group)).all().get() == null);
    }
  }

  /** Changes the longest record that a topic takes. */
  public void limit(String topic, int bytes) {
    try (Admin admin = Admin.create(client)) {
      AlterConfigOp limit =
          new AlterConfigOp(
              new ConfigEntry("max.message.bytes", Integer.toString(bytes)), OpType.SET);
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(limit)))
          .all()
          .get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Deletes a topic, and waits until it is gone. */
  public void delete(String topic) {
    try (Admin admin = Admin.create(client)) {
      admin.deleteTopics(List.of(topic)).all().get();
      Awaitility.await("the end of the topic " + topic)
          .atMost(Duration.ofSeconds(30))
          .until(() -> !admin.listTopics().names().get().contains(topic));
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Publishes records and waits until the broker has them. */
  public void publish(List<ProducerRecord<byte[], byte[]>> records) {
    Properties config = new Properties();
    config.putAll(client);
    config.put("max.request.size", 16 << 20);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (var sent : records.stream().map(producer::send).toList()) {
        sent.get();
      }
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Publishes texts, keyed by themselves. */
  public void publish(String topic, List<String> values) {
    publish(values.stream().map(v -> new ProducerRecord<>(topic, bytes(v), bytes(v))).toList());
  }

  /** Everything that is committed in a topic right now. */
  public List<ConsumerRecord<byte[], byte[]>> committed(String topic) {
    return committed(topic, all -> false, Duration.ZERO);
  }

  /**
   * Reads what is committed in a topic, from its beginning to its end, until there is enough of it.
   *
   * @throws AssertionError if there was not within the time
   */
  public List<ConsumerRecord<byte[], byte[]>> committed(
      String topic, Predicate<List<ConsumerRecord<byte[], byte[]>>> enough, Duration within) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    eachCommitted(topic, all::add, () -> within.isZero() || enough.test(all), within);
    return all;
  }

  /**
   * Shows what is committed in a topic, from its beginning to its end, until there was enough of
   * it.
   *
   * @throws AssertionError if there was not within the time
   */
  public void eachCommitted(
      String topic,
      Consumer<ConsumerRecord<byte[], byte[]>> reader,
      BooleanSupplier enough,
      Duration within) {
    Properties config = new Properties();
    config.putAll(client);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    long deadline = System.nanoTime() + within.toNanos();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions = partitions(consumer, topic, deadline);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      long seen = 0;
      while (true) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            reader.accept(record);
            seen++;
          }
        }
        if (enough.getAsBoolean()) {
          return;
        }
        if (System.nanoTime() > deadline) {
          throw new AssertionError(
              "not enough in " + topic + " after " + within + ": " + seen + " records");
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
          reader.accept(record);
          seen++;
        }
      }
    }
  }

  /** Those of a topic that may have been made a moment ago: a broker learns of it a bit later. */
  private static List<TopicPartition> partitions(
      KafkaConsumer<?, ?> consumer, String topic, long deadline) {
    while (true) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (PartitionInfo partition : consumer.partitionsFor(topic)) {
        partitions.add(new TopicPartition(topic, partition.partition()));
      }
      if (!partitions.isEmpty() || System.nanoTime() > deadline) {
        return partitions;
      }
    }
  }

  /** The UTF-8 bytes of a text. */
  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The text of UTF-8 bytes. */
  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
