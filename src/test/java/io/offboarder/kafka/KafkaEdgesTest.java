package io.offboarder.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.EventPublisher.Message;
import io.offboarder.kafka.EventPublisher.Published;
import io.offboarder.kafka.KafkaFailure.Kind;
import io.offboarder.testing.EmbeddedBroker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The command line's Kafka clients")
class KafkaEdgesTest {
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();

  @Test
  @DisplayName(
      "make a topic without the bound that an older broker does not know, and keep the rest")
  void olderBroker() {
    try (Topics topics = Topics.open(settings())) {
      Map<String, String> config = new HashMap<>(TopicPlan.journal("t-older").config());
      config.put(TopicPlan.DECOMPRESSED_BYTES, "nothing that a broker takes");
      assertThat(topics.create(new TopicPlan("t-older", 1, config)))
          .isEqualTo(Topics.Creation.AS_PLANNED);
      assertThat(topics.timedBySenders(List.of("t-older"))).isEmpty();
      assertThat(topics.decompressingBeyond(1 << 20, List.of("t-older")))
          .containsExactly("t-older");
    }
  }

  @Test
  @DisplayName("let no record into a topic that decompresses to more than it is worth")
  void bounded() {
    try (Topics topics = Topics.open(settings())) {
      List<TopicPlan> plans =
          List.of(
              TopicPlan.cases("t-cases"),
              TopicPlan.commands("t-commands"),
              TopicPlan.journal("t-journal"));
      plans.forEach(topics::create);
      assertThat(topics.decompressingBeyond(16 << 20, plans.stream().map(TopicPlan::name).toList()))
          .isEmpty();
    }
  }

  @Test
  @DisplayName("find topics with their partitions, and create those that are missing once")
  void topics() throws Exception {
    try (Topics topics = Topics.open(settings());
        Admin admin = Admin.create(BROKER.clientProperties())) {
      List<String> names = List.of("t-input", "t-outcomes", "t-dead-letters");
      assertThat(topics.brokers()).isEqualTo(1);
      assertThat(topics.partitions(names)).isEmpty();
      assertThat(topics.create(TopicPlan.input("t-input"))).isEqualTo(Topics.Creation.AS_PLANNED);
      assertThat(topics.create(TopicPlan.input("t-input"))).isEqualTo(Topics.Creation.EXISTED);
      topics.create(TopicPlan.outcomes("t-outcomes"));
      topics.create(TopicPlan.deadLetters("t-dead-letters"));
      assertThat(topics.partitions(names))
          .containsOnly(
              Map.entry("t-input", 12),
              Map.entry("t-outcomes", 12),
              Map.entry("t-dead-letters", 3));

      ConfigResource deadLetters = new ConfigResource(ConfigResource.Type.TOPIC, "t-dead-letters");
      var config = admin.describeConfigs(List.of(deadLetters)).all().get().get(deadLetters);
      assertThat(config.get("max.message.bytes").value()).isEqualTo("16777216");
      assertThat(config.get("retention.ms").value())
          .isEqualTo(String.valueOf(Duration.ofDays(400).toMillis()));
    }
  }

  @Test
  @DisplayName("find the topics whose records may decompress to any size")
  void decompression() {
    create("t-any-size", 1);
    try (Topics topics = Topics.open(settings())) {
      topics.create(TopicPlan.input("t-bounded"));
      topics.create(new TopicPlan("t-uncompressed", 1, Map.of("compression.type", "uncompressed")));

      assertThat(
              topics.decompressingBeyond(
                  1 << 20, List.of("t-any-size", "t-bounded", "t-uncompressed", "t-missing")))
          .containsExactly("t-any-size");
    }
  }

  @Test
  @DisplayName("publish in order, say where each record stands, and read it back")
  void publishAndRead() {
    create("t-events", 1);
    try (EventPublisher publisher = EventPublisher.open(settings(), List.of("t-events"))) {
      List<Published> published = publisher.publish(List.of(message("a"), message("b")));
      assertThat(published)
          .containsExactly(new Published("t-events", 0, 0), new Published("t-events", 0, 1));
    }
    assertThat(readAll("t-events", new Start.Beginning())).containsExactly("a", "b");
    assertThat(readAll("t-events", new Start.Latest())).isEmpty();
    assertThat(readAll("t-events", new Start.Since(Instant.now().minusSeconds(60))))
        .containsExactly("a", "b");
    assertThat(readAll("t-events", new Start.Since(Instant.now().plusSeconds(60)))).isEmpty();
    assertThat(readAll("t-events", new Start.Offsets(Map.of(0, 1L)))).containsExactly("b");
    assertThat(readAll("t-events", new Start.Offsets(Map.of()))).containsExactly("a", "b");
  }

  @Test
  @DisplayName("show the records of all partitions oldest first, and hold back a bounded number")
  void oldestFirst() {
    create("t-oldest", 2);
    long hourAgo = Instant.now().minus(Duration.ofHours(1)).toEpochMilli();
    int each = 5_000;
    // All of the second partition is older than the first record of the first.
    for (int partition = 0; partition < 2; partition++) {
      List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int i = 0; i < each; i++) {
        long time = hourAgo + (1 - partition) * 1_000_000L + i;
        records.add(new ProducerRecord<>("t-oldest", partition, time, null, new byte[100]));
      }
      new io.offboarder.testing.Topics(BROKER.bootstrapServers()).publish(records);
    }
    List<Long> times = new ArrayList<>();
    int mostHeldBack = 0;
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(settings(), "t-oldest", new Start.Beginning())) {
      OldestFirst records = new OldestFirst(reader);
      long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (!records.isPastTheEnd() && System.nanoTime() < deadline) {
        records
            .poll(Duration.ofMillis(100))
            .forEach(one -> times.add(one.timestamp().toEpochMilli()));
        mostHeldBack = Math.max(mostHeldBack, records.heldBack());
      }
    }
    assertThat(times).hasSize(2 * each).isSorted();
    assertThat(mostHeldBack).as("of %s older ones to come", each).isBetween(1, 2_000);
  }

  @Test
  @DisplayName("do not read what a transaction did not commit")
  void readCommitted() throws Exception {
    create("t-transactions", 1);
    Map<String, Object> config =
        new HashMap<>(
            Map.of("bootstrap.servers", BROKER.bootstrapServers(), "transactional.id", "t"));
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("t-transactions", "aborted")).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("t-transactions", "committed")).get();
      producer.commitTransaction();
    }
    assertThat(readAll("t-transactions", new Start.Beginning())).containsExactly("committed");
  }

  @Test
  @DisplayName("stop reading at once when they are told to")
  void stop() throws Exception {
    create("t-quiet", 1);
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(settings(), "t-quiet", new Start.Latest())) {
      CompletableFuture<List<Entry>> polled =
          CompletableFuture.supplyAsync(() -> reader.poll(Duration.ofMinutes(1)));
      reader.stop();
      assertThat(polled.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(reader.isStopped()).isTrue();
    }
  }

  @Test
  @DisplayName("do not stumble over what is set for the service's own consumer and producer")
  void servicesSettings() {
    create("t-shared", 1);
    KafkaSettings shared =
        new KafkaSettings(
            BROKER.bootstrapServers(),
            Map.of(
                "group.protocol",
                "consumer",
                "group.instance.id",
                "i",
                "transaction.timeout.ms",
                "5000",
                "delivery.timeout.ms",
                "1000"),
            Duration.ofSeconds(10));
    try (EventPublisher publisher = EventPublisher.open(shared, List.of("t-shared"));
        CommittedRecordReader reader =
            CommittedRecordReader.open(shared, "t-shared", new Start.Beginning())) {
      assertThat(publisher.publish(List.of(new Message("t-shared", "k", Map.of(), "v"))))
          .hasSize(1);
      List<Entry> entries = new ArrayList<>();
      while (entries.isEmpty()) {
        entries.addAll(reader.poll(Duration.ofMillis(200)));
      }
      assertThat(entries).singleElement().extracting(Entry::text).isEqualTo("v");
    }
  }

  @Test
  @DisplayName("name a topic that is missing")
  void missingTopic() {
    assertThatThrownBy(() -> EventPublisher.open(settings(), List.of("nowhere")))
        .isInstanceOfSatisfying(
            KafkaFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOPIC_MISSING))
        .hasMessageContaining("has no topic nowhere; \"offboarder run --create-topics\"");
    assertThatThrownBy(() -> CommittedRecordReader.open(settings(), "nowhere", new Start.Latest()))
        .isInstanceOfSatisfying(
            KafkaFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.TOPIC_MISSING))
        .hasMessageContaining("has no topic nowhere");
  }

  @Test
  @DisplayName("say which brokers did not answer, and how long that was waited for")
  void unreachable() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String servers = "localhost:" + silent.getLocalPort();
      KafkaSettings nobody = new KafkaSettings(servers, Map.of(), Duration.ofSeconds(1));
      assertUnreachable(() -> EventPublisher.open(nobody, List.of("t")), servers);
      assertUnreachable(() -> CommittedRecordReader.open(nobody, "t", new Start.Latest()), servers);
    }
    KafkaSettings unknown = new KafkaSettings("host.invalid:9092", Map.of(), Duration.ofSeconds(1));
    assertThatThrownBy(() -> Topics.open(unknown))
        .hasMessage("no host of host.invalid:9092 has an address (kafka.bootstrap-servers)");
  }

  @Test
  @DisplayName("say in one line what they cannot work with, and show no password")
  void settingsThatDoNotWork() {
    KafkaSettings wrong =
        new KafkaSettings(
            BROKER.bootstrapServers(),
            Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.example.Nowhere required password=\"s3cret\";"),
            Duration.ofSeconds(1));
    assertThatThrownBy(() -> Topics.open(wrong))
        .isInstanceOf(KafkaFailure.class)
        .message()
        .doesNotContain("s3cret")
        .doesNotContain("\n");
    assertThat(wrong.toString()).doesNotContain("s3cret");
  }

  private static void assertUnreachable(Runnable attempt, String servers) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            KafkaFailure.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE))
        .hasMessageContaining("no broker of " + servers + " answered within 1 s while ");
  }

  private static KafkaSettings settings() {
    return new KafkaSettings(BROKER.bootstrapServers(), Map.of(), Duration.ofSeconds(10));
  }

  private static void create(String name, int partitions) {
    try (Topics topics = Topics.open(settings())) {
      topics.create(new TopicPlan(name, partitions, Map.of()));
    }
  }

  private static Message message(String value) {
    return new Message(
        "t-events",
        "ann@example.com",
        Map.of("content-type", "application/cloudevents+json"),
        value);
  }

  private static List<String> readAll(String topic, Start start) {
    List<String> values = new ArrayList<>();
    try (CommittedRecordReader reader = CommittedRecordReader.open(settings(), topic, start)) {
      while (!reader.isPastTheEnd()) {
        for (Entry entry : reader.poll(Duration.ofMillis(200))) {
          values.add(entry.text());
        }
      }
    }
    return values;
  }
}
