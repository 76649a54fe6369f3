package io.offboarder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.revocation.Outcome.Status;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people read of an outcome, in words that a terminal can show as they are.
 *
 * @param json as {@code schemas/outcome.schema.json} describes it; any member may be missing
 */
record ShownOutcome(JsonNode json) {
  /** What stands for something that the outcome does not say. */
  static final String NONE = "-";

  private static final String WOULD_BE_REVOKED = "would_be_revoked";

  /** What has no authorizations to name. */
  private static final Set<String> SAYS_WHY =
      Stream.of(
              Status.SCHEDULED,
              Status.HELD,
              Status.DISCARDED,
              Status.CANCELLED,
              Status.RESCINDED,
              Status.NOTHING_TO_RESCIND)
          .map(Status::toString)
          .collect(Collectors.toUnmodifiableSet());

  /**
   * Whether it is an event's last word; outcomes that do not say so are from before others were.
   */
  static boolean isFinal(JsonNode outcome) {
    return outcome.path("final").asBoolean(true);
  }

  String status() {
    return TerminalText.printable(json.path("status").asText(NONE));
  }

  /** When the outcome was reached; null if it does not say. */
  @Nullable Instant completedAt() {
    try {
      return Instant.parse(json.path("timing").path("completedAt").asText(""));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  /** How long it took from the event's arrival; null if it does not say. */
  @Nullable Long millis() {
    JsonNode millis = json.path("timing").path("timeToRevokeMs");
    return millis.isNumber() ? millis.asLong() : null;
  }

  /** The event's id. */
  String event() {
    String id = json.path("event").path("id").asText("");
    return id.isBlank() ? NONE : TerminalText.printable(id);
  }

  /** The person by address or id, or the app. */
  String subject() {
    JsonNode subject = json.path("subject");
    for (String name : new String[] {"personEmail", "personId", "clientId"}) {
      String value = TerminalText.printable(subject.path(name).asText(""));
      if (!value.isBlank()) {
        return name.equals("clientId") ? "app " + value : value;
      }
    }
    return NONE;
  }

  /** How many of the authorizations are gone, but for what is spared. */
  String gone() {
    int all = json.path("authorizations").size() - count("spared") - count(WOULD_BE_REVOKED);
    if (all == 0) {
      return isAppRevoked() ? "all" : NONE;
    }
    int gone = revoked();
    return gone == all ? String.valueOf(gone) : gone + " of " + all;
  }

  /** The number of those that are gone. */
  int revoked() {
    return json.path("authorizations").size()
        - count("failed")
        - count("spared")
        - count(WOULD_BE_REVOKED);
  }

  /** The number of those with this result. */
  int count(String result) {
    int count = 0;
    for (JsonNode authorization : json.path("authorizations")) {
      count += authorization.path("result").asText().equals(result) ? 1 : 0;
    }
    return count;
  }

  private boolean isAppRevoked() {
    String status = json.path("status").asText();
    // An app's end was called revoked before there was a word of its own for it.
    return (status.equals("accepted") || status.equals("revoked"))
        && json.path("subject").hasNonNull("clientId");
  }

  /** What is wrong, or of which apps authorizations are gone. */
  String detail() {
    JsonNode error = json.path("error");
    String detail =
        error.isObject() ? problem(error) : SAYS_WHY.contains(status()) ? why() : apps();
    if (json.path("status").asText().equals("dry_run")) {
      int count = count(WOULD_BE_REVOKED);
      detail =
          "would revoke "
              + (count == 0 ? "nothing" : count)
              + (detail.isEmpty() ? "" : ": " + detail);
    }
    int retries = json.path("api").path("retries").asInt();
    String again =
        retries == 0 ? "" : " (" + retries + " " + (retries == 1 ? "retry" : "retries") + ")";
    int spared = count("spared");
    return TerminalText.printable(detail + (spared == 0 ? "" : " (" + spared + " spared)") + again);
  }

  private String why() {
    List<String> others = new ArrayList<>();
    for (JsonNode other : json.path("cases")) {
      String caseId = other.path("caseId").asText();
      if (other.path("relation").asText().equals("cancelled")) {
        others.add(caseId.substring(0, Math.min(8, caseId.length())));
      }
    }
    return json.path("decision").path("reason").asText(NONE)
        + (others.isEmpty() ? "" : ": case " + String.join(", ", others));
  }

  /** The message alone where it begins with the field's name; else its code, to look it up by. */
  private static String problem(JsonNode error) {
    String message = error.path("message").asText("");
    String field = error.path("field").asText("");
    return !field.isEmpty() && message.startsWith(field)
        ? message
        : error.path("code").asText(NONE) + ": " + message;
  }

  private String apps() {
    if (isAppRevoked()) {
      return "by the API's 204; an app has no list";
    }
    Map<String, Integer> apps = new LinkedHashMap<>();
    for (JsonNode authorization : json.path("authorizations")) {
      if (authorization.path("result").asText().equals("spared")) {
        continue;
      }
      String name = authorization.path("applicationName").asText("");
      String clientId = authorization.path("clientId").asText("");
      apps.merge(name.isBlank() || name.equals("null") ? clientId : name, 1, Integer::sum);
    }
    return apps.entrySet().stream()
        .map(app -> app.getKey() + (app.getValue() > 1 ? " ×" + app.getValue() : ""))
        .collect(Collectors.joining(", "));
  }
}
