package io.offboarder.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.testing.Company;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The control endpoints of a sandbox that runs as its own process. Thread-safe. */
final class SandboxControl {
  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  SandboxControl(int port) {
    base = "http://127.0.0.1:" + port + "/sandbox/";
  }

  /** An authorization as the sandbox tells it. */
  record Grant(String id, String personId, String clientId) {}

  /** An authorization that was deleted. */
  record Deletion(Grant grant, Instant at) {}

  boolean answers() {
    try {
      get("requests");
      return true;
    } catch (UncheckedIOException notYet) {
      return false;
    }
  }

  JsonNode get(String path) {
    return send(request(path).GET());
  }

  JsonNode post(String path, String json) {
    return send(request(path).POST(BodyPublishers.ofString(json, UTF_8)));
  }

  JsonNode delete(String path) {
    return send(request(path).DELETE());
  }

  List<Grant> live() {
    return grants(get("live"));
  }

  List<Deletion> deletions() {
    List<Deletion> deletions = new ArrayList<>();
    for (JsonNode item : get("deletions").path("items")) {
      deletions.add(new Deletion(grant(item), Instant.parse(item.path("deletedAt").asText())));
    }
    return deletions;
  }

  private static List<Grant> grants(JsonNode answer) {
    List<Grant> grants = new ArrayList<>();
    answer.path("items").forEach(item -> grants.add(grant(item)));
    return grants;
  }

  private static Grant grant(JsonNode item) {
    return new Grant(
        item.path("id").asText(), item.path("personId").asText(), item.path("clientId").asText());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(Duration.ofMinutes(2));
  }

  private JsonNode send(HttpRequest.Builder builder) {
    HttpRequest request = builder.build();
    try {
      var response = client.send(request, BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new IllegalStateException(
            request
                + " was answered "
                + response.statusCode()
                + new String(response.body(), UTF_8));
      }
      return Company.json(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
