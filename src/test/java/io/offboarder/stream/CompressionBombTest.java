package io.offboarder.stream;

import static io.offboarder.testing.Topics.bytes;
import static io.offboarder.testing.Topics.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A record that decompresses to more than a process can hold")
class CompressionBombTest {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final List<String> SMALL_HEAP = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");

  @TempDir static Path folder;
  private static EmbeddedBroker broker;
  private static StandaloneStream stream;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start();
    stream = StandaloneStream.compile(folder);
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  @DisplayName("because of its value kills two processes at most, and everything gets its result")
  void value() throws Exception {
    byte[] zeros = new byte[300 << 20];
    survives(
        "value",
        List.of(
            new ProducerRecord<>("value.in", 0, bytes("bomb 1"), zeros),
            new ProducerRecord<>("value.in", 0, bytes("bomb 2"), zeros),
            new ProducerRecord<>("value.in", 0, bytes("bomb 3"), zeros)));
  }

  @Test
  @DisplayName("because of its headers kills two processes at most, and everything gets its result")
  void headers() throws Exception {
    Header header = new RecordHeader("h", new byte[0]);
    survives(
        "headers",
        List.of(
            new ProducerRecord<>(
                "headers.in",
                0,
                bytes("bomb 1"),
                bytes("x"),
                Collections.nCopies(4_000_000, header))));
  }

  private static void survives(String name, List<ProducerRecord<byte[], byte[]>> bombs)
      throws Exception {
    Topics topics = new Topics(broker.bootstrapServers());
    topics.create(name + ".in", 2, Map.of());
    topics.create(name + ".out", 1, Map.of());
    topics.publish(records(name, "before"));
    publishCompressed(bombs);
    topics.publish(records(name, "after"));
    int expected = 40 + bombs.size();

    int deaths = -1;
    List<String> keys = List.of();
    Process process = null;
    try {
      while (keys.size() < expected && deaths < 5) {
        process =
            stream.start(SMALL_HEAP, broker.bootstrapServers(), name, name + ".in", name + ".out");
        deaths++;
        keys = outcomesWhileAlive(topics, name + ".out", process, expected);
      }
      assertThat(keys).as(Files.readString(stream.log())).hasSize(expected);
      assertThat(keys).doesNotHaveDuplicates();
      assertThat(deaths).isBetween(1, 2);
      process.getOutputStream().close();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
    assertThat(topics.committed(name + ".out"))
        .filteredOn(record -> text(record.key()).startsWith("bomb"))
        .hasSize(bombs.size())
        .allSatisfy(record -> assertThat(text(record.value())).startsWith("it has "));
  }

  private static List<String> outcomesWhileAlive(
      Topics topics, String out, Process process, int expected) throws InterruptedException {
    long deadline = System.nanoTime() + SOON.toNanos();
    List<String> keys = keys(topics, out);
    while (keys.size() < expected && System.nanoTime() < deadline) {
      if (process.waitFor(200, TimeUnit.MILLISECONDS)) {
        return keys(topics, out);
      }
      keys = keys(topics, out);
    }
    return keys;
  }

  private static List<String> keys(Topics topics, String out) {
    return topics.committed(out).stream().map(record -> text(record.key())).toList();
  }

  private static List<ProducerRecord<byte[], byte[]>> records(String name, String when) {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    IntStream.range(0, 20)
        .mapToObj(i -> when + " " + i)
        .forEach(
            key ->
                records.add(
                    new ProducerRecord<>(
                        name + ".in", records.size() % 2, bytes(key), bytes(key))));
    return records;
  }

  private static void publishCompressed(List<ProducerRecord<byte[], byte[]>> records)
      throws Exception {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "compression.type",
            "zstd",
            "max.request.size",
            Integer.MAX_VALUE,
            "buffer.memory",
            800L << 20);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (ProducerRecord<byte[], byte[]> record : records) {
        producer.send(record).get();
      }
    }
  }
}
