package io.offboarder.service;

import static io.offboarder.testing.Company.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the service promises, from events in to outcomes out, on whatever broker a subclass has. */
abstract class EndToEndContract {
  private static final AtomicInteger COMPANIES = new AtomicInteger();

  private Vertx vertx;
  private WebexSandbox sandbox;
  private Company company;

  abstract String bootstrapServers();

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
    company = Company.on(bootstrapServers(), "company-" + COMPANIES.incrementAndGet());
    vertx.deployVerticle(new OffboardingVerticle(company.service(sandbox, Map.of()))).await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  @DisplayName(
      "a leaver's authorizations are gone, a colleague's are not, and the outcome proves it")
  void leaver() {
    SandboxApp app = sandbox.newApp("Slides");
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    SandboxPerson bob = sandbox.addPerson("bob@example.com");
    List<SandboxAuthorization> anns = sandbox.authorize(ann, app, 2);
    List<SandboxAuthorization> bobs = sandbox.authorize(bob, app, 2);

    company.publish(
        company.terminated(), event("e1", "user-terminated", Map.of("personId", ann.id())));

    JsonNode outcome = company.awaitOutcomes(1).get("e1");
    assertThat(outcome.path("status").asText()).isEqualTo("revoked");
    assertThat(outcome.path("verification").path("remaining").asInt()).isZero();
    assertThat(outcome.path("decision").path("code").asText()).isEqualTo("act");
    assertThat(results(outcome))
        .containsEntry(anns.get(0).id(), "revoked")
        .containsEntry(anns.get(1).id(), "revoked_with_refresh")
        .containsEntry(anns.get(2).id(), "revoked_with_refresh")
        .hasSize(3);
    assertThat(sandbox.live()).containsExactlyInAnyOrderElementsOf(bobs);
    assertThat(sandbox.requests(Operation.LIST)).isEqualTo(2);
    assertThat(sandbox.requests(Operation.DELETE)).isEqualTo(1);
    assertThat(outcome.path("authorizations").get(0).path("trackingId").asText())
        .isEqualTo(sandbox.deletions().get(0).trackingId());
  }

  @Test
  @DisplayName(
      "every envelope, both ways to name a person, prefixed and versioned types are understood")
  void envelopes() {
    SandboxApp app = sandbox.newApp("Slides");
    List<SandboxPerson> people = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      people.add(sandbox.addPerson("person" + i + "@example.com"));
      sandbox.authorize(people.get(i), app, 1);
    }
    String type = "com.example.hr.user-terminated.v1";
    company.publishStructured(
        company.terminated(), terminated("e0", type, "personId", people.get(0).id()));
    company.publishStructured(
        company.terminated(), terminated("e1", type, "personEmail", people.get(1).email()));
    company.publishBinary(
        company.terminated(), terminated("e2", type, "personId", people.get(2).id()));
    company.publishBinary(
        company.decommissioned(), terminated("e3", type, "personEmail", "PERSON3@example.com"));
    company.publish(
        company.terminated(),
        terminated("e4", "user-terminated", "personEmail", people.get(4).email()));
    ObjectNode flat = terminated("e5", "user-terminated", "personId", people.get(5).id());
    flat.setAll((ObjectNode) flat.remove("data"));
    company.publish(company.terminated(), flat);

    Map<String, JsonNode> outcomes = company.awaitOutcomes(6);

    assertThat(statuses(outcomes)).hasSize(6).containsOnlyKeys("e0", "e1", "e2", "e3", "e4", "e5");
    assertThat(Set.copyOf(statuses(outcomes).values())).containsExactly("revoked");
    assertThat(sandbox.live()).isEmpty();
  }

  @Test
  @DisplayName("a retired app loses everybody's authorizations in its org and nobody's elsewhere")
  void app() {
    SandboxApp retired = sandbox.newApp("Old CRM");
    SandboxApp kept = sandbox.newApp("Calendar");
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    SandboxPerson elsewhere = sandbox.addPerson("zoe@partner.example", "another-org");
    sandbox.authorize(ann, retired, 2);
    List<SandboxAuthorization> left = new ArrayList<>(sandbox.authorize(ann, kept, 1));
    left.addAll(sandbox.authorize(elsewhere, retired, 1));

    company.publish(
        company.decommissioned(),
        event(
            "e1",
            "app-decommissioned",
            Map.of("clientId", retired.clientId(), "orgId", sandbox.orgId())));

    JsonNode outcome = company.awaitOutcomes(1).get("e1");
    assertThat(outcome.path("status").asText()).isEqualTo("accepted");
    assertThat(outcome.path("verification").isNull()).isTrue();
    assertThat(sandbox.live()).containsExactlyInAnyOrderElementsOf(left);
    assertThat(sandbox.requests(Operation.DELETE_BY_CLIENT)).isEqualTo(1);
  }

  @Test
  @DisplayName(
      "somebody without authorizations and somebody unknown are told apart from the revoked")
  void nothingAndNobody() {
    sandbox.addPerson("nothing@example.com");
    company.publish(
        company.terminated(),
        terminated("e1", "user-terminated", "personEmail", "nothing@example.com"));
    company.publish(
        company.terminated(),
        terminated("e2", "user-terminated", "personEmail", "nobody@example.com"));

    Map<String, JsonNode> outcomes = company.awaitOutcomes(2);

    assertThat(statuses(outcomes))
        .containsEntry("e1", "nothing_to_revoke")
        .containsEntry("e2", "subject_not_found");
    assertThat(company.topics().committed(company.deadLetters()))
        .singleElement()
        .satisfies(
            letter ->
                assertThat(headers(letter))
                    .containsEntry("__offboarder.errors.status", "subject_not_found"));
    assertThat(sandbox.requests(Operation.LIST)).isEqualTo(2);
  }

  @Test
  @DisplayName("what the API refuses for good is in the outcome, and the input is kept")
  void refused() {
    SandboxApp app = sandbox.newApp("Slides");
    SandboxApp stubborn = sandbox.newApp("Stubborn");
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    SandboxPerson bob = sandbox.addPerson("bob@example.com");
    sandbox.authorize(ann, app, 1);
    SandboxAuthorization kept = sandbox.authorize(ann, stubborn, 0).get(0);
    sandbox.authorize(bob, app, 1);
    sandbox.script(Fault.of(Effect.Status.of(400)).matching(kept.id()));
    sandbox.script(Fault.of(Effect.Status.of(400)).on(Operation.LIST).matching(bob.id()));

    company.publish(
        company.terminated(), terminated("e1", "user-terminated", "personId", ann.id()));
    company.publish(
        company.terminated(), terminated("e2", "user-terminated", "personId", bob.id()));

    Map<String, JsonNode> outcomes = company.awaitOutcomes(2);
    assertThat(statuses(outcomes))
        .containsEntry("e1", "partially_revoked")
        .containsEntry("e2", "failed");
    assertThat(results(outcomes.get("e1"))).containsEntry(kept.id(), "failed");
    assertThat(outcomes.get("e1").path("verification").path("remaining").asInt()).isEqualTo(1);
    List<ConsumerRecord<byte[], byte[]>> letters =
        company.topics().committed(company.deadLetters());
    assertThat(letters)
        .extracting(letter -> headers(letter).get("__offboarder.errors.status"))
        .containsExactlyInAnyOrder("partially_revoked", "failed");
    assertThat(headers(letters.get(0)))
        .containsEntry("__offboarder.errors.topic", company.terminated());
  }

  @Test
  @DisplayName("faults that pass cost time and nothing else")
  void passingFaults() {
    SandboxApp app = sandbox.newApp("Slides");
    for (int i = 0; i < 8; i++) {
      sandbox.authorize(sandbox.addPerson("person" + i + "@example.com"), app, 1);
    }
    sandbox.script(Fault.of(new Effect.LoseAnswer()).on(Operation.DELETE).times(2));
    sandbox.script(Fault.of(Effect.Status.of(503)).times(2));
    sandbox.script(Fault.of(new Effect.Status(502, null, Fault.Body.HTML)).times(1));
    sandbox.script(Fault.of(new Effect.Drop()).times(2));
    sandbox.script(Fault.of(Effect.Status.of(429).retryAfter("1")).times(1));
    sandbox.script(Fault.of(Effect.Status.of(423).retryAfter("rand(30),add(30)")).times(1));

    for (int i = 0; i < 8; i++) {
      company.publish(
          company.terminated(),
          terminated("e" + i, "user-terminated", "personEmail", "person" + i + "@example.com"));
    }

    assertThat(Set.copyOf(statuses(company.awaitOutcomes(8)).values())).containsExactly("revoked");
    assertThat(sandbox.live()).isEmpty();
    assertThat(company.topics().committed(company.deadLetters())).isEmpty();
  }

  @Test
  @DisplayName("a record whose key and headers no topic of ours takes is answered all the same")
  void hugeKey() {
    company.topics().limit(company.deadLetters(), 1 << 20);
    publishWithHugeKey();

    assertAnsweredWithoutKey();
    assertThat(company.topics().committed(company.deadLetters()))
        .hasSize(2)
        .allSatisfy(
            letter ->
                assertThat(letter.headers().lastHeader("__offboarder.errors.key-dropped"))
                    .isNotNull());
  }

  @Test
  @DisplayName("a record is kept whole where its topic takes it, though no outcome takes its key")
  void hugeKeyIsKept() {
    String huge = publishWithHugeKey();

    assertAnsweredWithoutKey();
    assertThat(company.topics().committed(company.deadLetters()))
        .extracting(letter -> new String(letter.key(), UTF_8))
        .containsExactly(huge, huge);
  }

  private String publishWithHugeKey() {
    byte[] incompressible = new byte[2 << 20];
    new Random(7).nextBytes(incompressible);
    String huge = Base64.getEncoder().encodeToString(incompressible);
    company.publish(company.terminated(), huge, "garbage".getBytes(UTF_8));
    company.publish(company.terminated(), huge, "{\"id\":\"x\"}".getBytes(UTF_8));
    return huge;
  }

  private void assertAnsweredWithoutKey() {
    assertThat(company.awaitOutcomeRecords(2))
        .allSatisfy(
            record -> {
              assertThat(record.key()).isNull();
              assertThat(Company.json(record.value()).path("status").asText())
                  .isEqualTo("rejected");
            });
  }

  @Test
  @DisplayName(
      "bad input is answered and kept as it came, and the next event is processed as if nothing had"
          + " happened")
  void badInput() {
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    sandbox.authorize(ann, sandbox.newApp("Slides"), 1);
    byte[] garbage = new byte[5 << 20];
    Arrays.fill(garbage, (byte) 'x');
    List<byte[]> bad = new ArrayList<>();
    bad.add(null);
    bad.add(new byte[0]);
    bad.add("{".repeat(5_000).getBytes(UTF_8));
    bad.add("[1,2]".getBytes(UTF_8));
    bad.add(garbage);
    bad.add(event("x", "user-promoted", Map.of()).toString().getBytes(UTF_8));
    bad.add(event("x", "user-terminated", Map.of()).toString().getBytes(UTF_8));
    bad.add(event("x", "user-terminated", Map.of("personId", " ")).toString().getBytes(UTF_8));
    bad.add(event("x", "user-terminated", Map.of("personId", "a/b")).toString().getBytes(UTF_8));
    bad.add("{\"id\":\"x\",\"type\":\"user-terminated\",\"personId\":7}".getBytes(UTF_8));
    bad.add(
        event(
                "x",
                "user-terminated",
                Map.of("personId", "p", "effectiveAt", "2999-01-01T00:00:00Z"))
            .toString()
            .getBytes(UTF_8));
    for (byte[] value : bad) {
      company.publish(company.terminated(), "key", value);
    }
    company.publish(
        company.terminated(), terminated("good", "user-terminated", "personId", ann.id()));

    List<ConsumerRecord<byte[], byte[]>> records = company.awaitOutcomeRecords(bad.size() + 1);

    List<JsonNode> rejected =
        records.stream()
            .map(record -> Company.json(record.value()))
            .filter(outcome -> outcome.path("status").asText().equals("rejected"))
            .toList();
    assertThat(rejected).hasSize(bad.size());
    assertThat(
            rejected.stream()
                .map(outcome -> outcome.path("decision").path("code").asText())
                .collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("not_understood", "effective_too_far");
    assertThat(rejected)
        .allSatisfy(
            outcome -> {
              String field = outcome.path("error").path("field").asText();
              assertThat(field).isNotBlank();
              assertThat(outcome.path("error").path("message").asText())
                  .startsWith(field)
                  .contains("expected")
                  .hasSizeLessThan(500);
            });
    assertThat(
            rejected.stream()
                .map(outcome -> outcome.path("error").path("code").asText())
                .collect(Collectors.toSet()))
        .contains(
            "effective_too_far",
            "unknown_type",
            "missing_member",
            "wrong_type",
            "malformed_json",
            "invalid_value",
            "empty_value");
    List<ConsumerRecord<byte[], byte[]>> letters =
        company.topics().committed(company.deadLetters());
    assertThat(letters).hasSize(bad.size());
    for (byte[] value : bad) {
      assertThat(letters).anySatisfy(letter -> assertThat(letter.value()).isEqualTo(value));
    }
    assertThat(letters)
        .allSatisfy(letter -> assertThat(new String(letter.key(), UTF_8)).isEqualTo("key"));
    assertThat(sandbox.live()).isEmpty();
  }

  @Test
  @DisplayName("a rejected event's outcome is keyed by whom it names, or as it was if by nobody")
  void rejectedKey() {
    Map<String, String> early =
        Map.of("personEmail", "Ann@example.com", "effectiveAt", "2999-01-01T00:00:00Z");
    company.publish(
        company.terminated(),
        "key",
        event("x", "user-terminated", early).toString().getBytes(UTF_8));
    company.publish(company.terminated(), "key", "garbage".getBytes(UTF_8));

    assertThat(company.awaitOutcomeRecords(2))
        .extracting(record -> new String(record.key(), UTF_8))
        .containsExactlyInAnyOrder("ann@example.com", "key");
  }

  @Test
  @DisplayName(
      "an outcome is a CloudEvent, keyed by the subject, with the same id whenever it is asked")
  void outcomeEnvelope() {
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    company.publish(
        company.terminated(), terminated("e1", "user-terminated", "personId", ann.id()));

    ConsumerRecord<byte[], byte[]> record = company.awaitOutcomeRecords(1).get(0);

    assertThat(new String(record.key(), UTF_8)).isEqualTo(ann.id());
    assertThat(headers(record))
        .containsEntry("ce_specversion", "1.0")
        .containsEntry("ce_id", Company.json(record.value()).path("id").asText())
        .containsEntry("content-type", "application/json")
        .containsKeys("ce_type", "ce_source", "ce_time");
  }

  private static ObjectNode terminated(String id, String type, String member, String value) {
    return event(id, type, Map.of(member, value));
  }

  private static Map<String, String> statuses(Map<String, JsonNode> outcomes) {
    return outcomes.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().path("status").asText()));
  }

  private static Map<String, String> results(JsonNode outcome) {
    return StreamSupport.stream(outcome.path("authorizations").spliterator(), false)
        .collect(Collectors.toMap(a -> a.path("id").asText(), a -> a.path("result").asText()));
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), new String(header.value(), UTF_8));
    }
    return headers;
  }
}
