package io.offboarder.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.JarProcess;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An API that lists far more than people have, for many of them at a time. */
@DisplayName("Forty people with 10,000 authorizations each, in a heap of 256 MiB")
class ManyHoardersTest {
  private static final int HOARDERS = 40;
  private static final int OTHERS = 100;
  private static final int AUTHORIZATIONS = 10_000;

  private final Vertx vertx = Vertx.vertx();
  private final Set<String> deleted = ConcurrentHashMap.newKeySet();
  private EmbeddedBroker broker;
  private HttpServer api;

  @BeforeEach
  void start() {
    broker = EmbeddedBroker.start();
    api = vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1").await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
    broker.close();
  }

  @Test
  @DisplayName("are revoked to the last one, and others do not wait for them")
  void bounded() {
    Company company = Company.on(broker.bootstrapServers(), "hoarders", 4);
    Map<String, String> environment = new HashMap<>(company.environment());
    environment.put("OFFBOARDER_INSTANCE_ID", "only");
    environment.put("OFFBOARDER_HTTP_PORT", "0");
    environment.put("OFFBOARDER_WEBEX_ACCESS_TOKEN", "token");
    environment.put("OFFBOARDER_WEBEX_BASE_URL", "http://127.0.0.1:" + api.actualPort() + "/v1");
    try (JarProcess service = JarProcess.startFromClassPath(environment, "run")) {
      IntStream.range(0, HOARDERS).forEach(i -> leaves(company, "hoarder-" + i));
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> deletedOf("hoarder-") > 0 || !service.isAlive());
      IntStream.range(0, OTHERS).forEach(i -> leaves(company, "other-" + i));

      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> deletedOf("other-") == 3 * OTHERS || !service.isAlive());
      assertThat(service.isAlive()).as(service.errors()).isTrue();
      assertThat(company.topics().committed(company.outcomes()))
          .as("when the others are revoked")
          .hasSizeLessThan(OTHERS + HOARDERS / 2);

      Map<String, JsonNode> outcomes = company.awaitOutcomes(HOARDERS + OTHERS);
      assertThat(service.isAlive()).as(service.errors()).isTrue();
      assertThat(outcomes.values())
          .allSatisfy(outcome -> assertThat(outcome.path("status").asText()).isEqualTo("revoked"));
      assertThat(service.errors()).contains("webex.max-authorizations-in-memory");
      assertThat(service.terminate(Duration.ofSeconds(30))).isZero();
    }
  }

  private static void leaves(Company company, String person) {
    company.publish(
        company.terminated(),
        Company.event("e-" + person, "user-terminated", Map.of("personId", person)));
  }

  private long deletedOf(String prefix) {
    return deleted.stream().filter(id -> id.startsWith(prefix)).count();
  }

  private void answer(HttpServerRequest request) {
    String path = request.path();
    if (request.method().name().equals("DELETE")) {
      deleted.add(path.substring(path.lastIndexOf('/') + 1));
      request.response().setStatusCode(204).end();
    } else if (path.endsWith("/authorizations")) {
      request.response().end(list(request.getParam("personId")));
    } else {
      request.response().end("{\"exp\":" + (System.currentTimeMillis() + 9_000_000_000L) + "}");
    }
  }

  /** A hoarder's access authorizations go with the first, the only refresh authorization. */
  private Buffer list(String person) {
    Buffer items = Buffer.buffer("{\"items\":[");
    boolean hoards = person.startsWith("hoarder-");
    int count = hoards ? AUTHORIZATIONS : 3;
    String separator = "";
    for (int i = 0; i < count; i++) {
      String id = person + "-" + i;
      if (!deleted.contains(hoards ? person + "-0" : id)) {
        items
            .appendString(separator)
            .appendString("{\"id\":\"" + id + "\",\"type\":\"")
            .appendString(hoards && i > 0 ? "access" : "refresh")
            .appendString("\",\"clientId\":\"C" + (hoards ? 0 : i))
            .appendString("x".repeat(60))
            .appendString("\",\"personId\":\"" + person)
            .appendString("\",\"applicationName\":\"An application of theirs\"}");
        separator = ",";
      }
    }
    return items.appendString("]}");
  }
}
