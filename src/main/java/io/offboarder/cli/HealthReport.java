package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What a running service says of its health, a line for each check.
 *
 * @param checks as {@code /health/ready} lists them
 */
record HealthReport(JsonNode checks) {
  /** What a service answered; empty where that is no list of checks. */
  static Optional<HealthReport> of(String body) {
    try {
      JsonNode checks = new JsonMapper().readTree(body).path("checks");
      return checks.isArray() ? Optional.of(new HealthReport(checks)) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** A line for each check, in the form of "offboarder check". */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (JsonNode check : checks) {
      boolean up = check.path("status").asText().equals("UP");
      lines.add(
          TerminalText.printable(
                  TerminalText.left(up ? "ok" : "FAIL", 6)
                      + TerminalText.left(check.path("id").asText(), 13)
                      + "  "
                      + words(check.path("data")))
              .stripTrailing());
    }
    return lines;
  }

  /** The reason alone where there is one. */
  private static String words(JsonNode data) {
    String reason = data.path("reason").asText("");
    if (!reason.isEmpty()) {
      return reason;
    }
    StringJoiner words = new StringJoiner(", ");
    for (Map.Entry<String, JsonNode> one : data.properties()) {
      words.add(one.getKey() + " " + one.getValue().asText());
    }
    return words.toString();
  }
}
