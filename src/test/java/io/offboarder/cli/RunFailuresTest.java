package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.stream.StreamFailure.Reason;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("\"run\" ends, for what waiting does not heal,")
class RunFailuresTest {
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();

  @Test
  @DisplayName("with one line and 5 where the outcome topic takes not even the shortest outcome")
  void outcomeTooLarge() throws Exception {
    Topics topics = new Topics(BROKER.bootstrapServers());
    topics.create("large.in", 1, Map.of());
    topics.publish("large.in", List.of("no event"));

    Invocation ended = run("large", Map.of("max.message.bytes", "200")).get(60, TimeUnit.SECONDS);
    assertThat(ended.exitCode()).isEqualTo(5);
    assertThat(ended.errors())
        .singleElement()
        .asString()
        .contains("the result of large.in-0@0 is too large for its topic even when shortened");
  }

  @ParameterizedTest
  @ValueSource(strings = {"compact", "compact,delete"})
  @DisplayName("with one line and 5 where Kafka compacts the outcomes")
  void compactedOutcomes(String policy) throws Exception {
    String name = "compacted" + policy.length();
    new Topics(BROKER.bootstrapServers()).create(name + ".in", 1, Map.of());

    Invocation ended = run(name, Map.of("cleanup.policy", policy)).get(60, TimeUnit.SECONDS);

    assertThat(ended.exitCode()).isEqualTo(5);
    assertThat(ended.errors())
        .singleElement()
        .asString()
        .contains("topic " + name + ".out has a cleanup.policy with compact");
  }

  @Test
  @DisplayName("with one line and 2 at another program's offset metadata, where it is told to stop")
  void foreignMetadata() throws Exception {
    try (Admin admin = Admin.create(BROKER.clientProperties())) {
      new Topics(BROKER.bootstrapServers()).create("foreign.in", 1, Map.of());
      admin
          .alterConsumerGroupOffsets(
              "foreign",
              Map.of(new TopicPartition("foreign.in", 0), new OffsetAndMetadata(0, "another's")))
          .all()
          .get();
    }
    Invocation ended = run("foreign", Map.of()).get(60, TimeUnit.SECONDS);

    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.errors())
        .singleElement()
        .asString()
        .contains("the commit metadata of foreign.in-0 at offset 0 was written by another program");
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_AUTHORIZED,7",
    "NAME_IN_USE,4",
    "RESULT_TOO_LARGE,5",
    "CONFIGURATION,2",
    "FOREIGN_OFFSET_METADATA,2",
    "INTERNAL,70"
  })
  @DisplayName("with the code that the help lists for it")
  void codes(Reason reason, int code) {
    assertThat(ExitCode.of(reason).code()).isEqualTo(code);
  }

  private static CompletableFuture<Invocation> run(String name, Map<String, String> outcomes) {
    Topics topics = new Topics(BROKER.bootstrapServers());
    topics.create(name + ".out", 1, outcomes);
    topics.create(name + ".dead", 1, Map.of());
    topics.create(name + ".cases", 1, Map.of("cleanup.policy", "compact"));
    topics.create(name + ".journal", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    topics.create(name + ".commands", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    return new Invocation()
        .withKafka(BROKER.bootstrapServers())
        .with("OFFBOARDER_KAFKA_GROUP_ID", name)
        .with("OFFBOARDER_KAFKA_INPUT_TOPICS", name + ".in")
        .with("OFFBOARDER_KAFKA_OUTCOME_TOPIC", name + ".out")
        .with("OFFBOARDER_KAFKA_DEAD_LETTER_TOPIC", name + ".dead")
        .with("OFFBOARDER_KAFKA_CASE_TOPIC", name + ".cases")
        .with("OFFBOARDER_KAFKA_COMMAND_TOPIC", name + ".commands")
        .with("OFFBOARDER_KAFKA_JOURNAL_TOPIC", name + ".journal")
        .with("OFFBOARDER_STREAM_FOREIGN_OFFSET_METADATA", "stop")
        .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "token")
        .with("OFFBOARDER_HTTP_PORT", "0")
        .runInBackground("run");
  }
}
