package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.Company;
import io.offboarder.testing.FieldInputs;
import io.offboarder.testing.ServiceFixture;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("What the field sends, from events in to outcomes out")
class FieldInputsEndToEndTest {
  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("field");

  @BeforeEach
  void start() {
    fixture.deploy();
  }

  @Test
  @DisplayName("every leaver whose event can be understood loses access, and the others are named")
  void statuses() {
    SandboxApp app = fixture.app();
    List<FieldInputs> inputs =
        FieldInputs.all().stream()
            .filter(input -> new String(input.value(), UTF_8).contains(input.email()))
            .toList();
    for (FieldInputs input : inputs) {
      fixture.sandbox().authorize(fixture.sandbox().addPerson(input.email()), app, 2);
      fixture
          .company()
          .topics()
          .publish(
              List.of(
                  new ProducerRecord<>(
                      fixture.company().terminated(),
                      null,
                      bytes(input),
                      input.value(),
                      input.headers())));
    }

    List<ConsumerRecord<byte[], byte[]>> records =
        fixture.company().awaitOutcomeRecords(inputs.size());

    Map<Long, JsonNode> outcomes = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      JsonNode outcome = Company.json(record.value());
      JsonNode event = outcome.path("event");
      outcomes.put(event.path("partition").asLong() << 32 | event.path("offset").asLong(), outcome);
    }
    Map<Integer, JsonNode> byInput =
        fixture.company().topics().committed(fixture.company().terminated()).stream()
            .collect(
                Collectors.toMap(
                    record -> Integer.parseInt(new String(record.key(), UTF_8)),
                    record -> outcomes.get((long) record.partition() << 32 | record.offset())));
    for (FieldInputs input : inputs) {
      JsonNode outcome = byInput.get(input.number());
      assertThat(outcome.path("status").asText())
          .as("%s: %s", input, outcome)
          .isEqualTo(input.isUnderstood() ? "revoked" : "rejected");
      for (JsonNode note : input.json().path("notes")) {
        assertThat(outcome.path("notes").toString()).contains(note.asText());
      }
      if (input.json().has("subject")) {
        assertThat(outcome.path("subject").path("personEmail").asText())
            .isEqualTo(input.isNobody() ? "" : input.email());
      }
    }
    assertThat(fixture.sandbox().live())
        .hasSize(3 * (int) inputs.stream().filter(input -> !input.isUnderstood()).count());
  }

  @Test
  @DisplayName("an id in any form is asked for as documented, and the outcome shows both")
  void identifiers() {
    SandboxApp app = fixture.app();
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    fixture.sandbox().authorize(ann, app, 1);
    String uri = new String(Base64.getUrlDecoder().decode(ann.id()), UTF_8);
    String uuid = uri.substring(uri.lastIndexOf('/') + 1);

    fixture
        .company()
        .publish(
            fixture.company().terminated(),
            Company.event(
                "e1", "user-terminated", Map.of("personId", uuid.toUpperCase(Locale.ROOT))));

    JsonNode outcome = fixture.company().awaitOutcomes(1).get("e1");
    assertThat(outcome.path("status").asText()).isEqualTo("revoked");
    assertThat(outcome.path("subject").path("personId").asText()).isEqualTo(ann.id());
    assertThat(outcome.path("subject").path("personIdReceived").asText())
        .isEqualTo(uuid.toUpperCase(Locale.ROOT));
    assertThat(fixture.sandbox().live()).isEmpty();
  }

  private static byte[] bytes(FieldInputs input) {
    return Integer.toString(input.number()).getBytes(UTF_8);
  }
}
