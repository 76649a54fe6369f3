package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A record that is too large to be read")
class SetAsideTest {
  /** One owner has begun to read at offset 0, and nothing is finished. */
  private static final OffsetAndMetadata ONE_DIED = new OffsetAndMetadata(0, "O2w6522df69");

  @Test
  @DisplayName("is rejected, and what could be read of it is kept")
  void rejected() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      WebexSandbox sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
      Company company = Company.on(broker.bootstrapServers(), "large", 1);
      company.publish(company.terminated(), "large", new byte[5 << 20]);
      company.publish(
          company.terminated(),
          Company.event("e1", "user-terminated", Map.of("personId", "cGVyc29u")));
      try (Admin admin = Admin.create(broker.clientProperties())) {
        admin
            .alterConsumerGroupOffsets(
                "large", Map.of(new TopicPartition(company.terminated(), 0), ONE_DIED))
            .all()
            .get();
      }

      vertx.deployVerticle(new OffboardingVerticle(company.service(sandbox, Map.of()))).await();

      List<JsonNode> outcomes =
          company.awaitOutcomeRecords(2).stream()
              .map(record -> Company.json(record.value()))
              .toList();
      assertThat(outcomes)
          .filteredOn(outcome -> outcome.at("/event/offset").asInt() == 0)
          .singleElement()
          .satisfies(
              outcome -> {
                assertThat(outcome.path("status").asText()).isEqualTo("rejected");
                assertThat(outcome.at("/error/code").asText()).isEqualTo("record_too_large");
                assertThat(outcome.at("/error/message").asText()).contains("5242880");
              });
      ConsumerRecord<byte[], byte[]> letter =
          company.topics().committed(company.deadLetters()).stream()
              .filter(record -> "large".equals(new String(record.key(), UTF_8)))
              .findFirst()
              .orElseThrow();
      assertThat(letter.value()).isNull();
      assertThat(
              new String(
                  letter.headers().lastHeader("__offboarder.errors.incomplete").value(), UTF_8))
          .contains("5242880");
    } finally {
      vertx.close().await();
    }
  }
}
