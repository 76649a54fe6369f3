package io.offboarder.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.chaos.Planned.Kind;
import io.offboarder.chaos.SandboxControl.Deletion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds what became of those who leave at a time that was announced against the truth: nothing is
 * done before its time, nothing that was taken back in time, a termination and its rescind say the
 * same, and who was revoked is looked at again.
 */
final class DatedAudit {
  /**
   * A rescind that came so long before the time came in time, however many instances were killed.
   */
  private static final Duration IN_TIME = Duration.ofSeconds(60);

  /** How many second looks there are, as {@link Cast} sets it. */
  static final int LOOKS = 2;

  private static final Set<String> DONE = Set.of("revoked", "nothing_to_revoke");

  private final Map<Integer, JsonNode> ends;
  private final Map<Integer, Instant> arrivals;
  private final Set<String> retired;
  private final List<Instant> markersDropped;
  private final List<String> violations = new ArrayList<>();
  private final Map<String, Planned> leavers = new HashMap<>();
  private int cancelled;
  private int tooLate;

  /**
   * An audit.
   *
   * @param ends the final outcome of each event, by its number
   * @param arrivals when each was published
   * @param retired apps that were retired, which takes authorizations of anybody
   * @param markersDropped when the broker forgot to end a transaction everywhere
   */
  DatedAudit(
      List<Planned> planned,
      Map<Integer, JsonNode> ends,
      Map<Integer, Instant> arrivals,
      Set<String> retired,
      List<Instant> markersDropped) {
    this.markersDropped = markersDropped;
    this.ends = ends;
    this.arrivals = arrivals;
    this.retired = retired;
    planned.stream()
        .filter(event -> event.due() != null)
        .forEach(event -> leavers.put(event.subject(), event));
    planned.stream().filter(event -> event.kind() == Kind.RESCIND).forEach(this::pair);
  }

  /** What is wrong, one line each. */
  List<String> violations() {
    return violations;
  }

  /** How many were cancelled. */
  int cancelled() {
    return cancelled;
  }

  /** How many were taken back too late. */
  int tooLate() {
    return tooLate;
  }

  private void pair(Planned rescind) {
    Planned leaver = leavers.get(rescind.subject());
    JsonNode end = ends.get(leaver.number());
    JsonNode answer = ends.get(rescind.number());
    if (end == null || answer == null) {
      return; // Lost, which is a violation of its own.
    }
    boolean isCancelled = end.path("status").asText().equals("cancelled");
    String said = answer.path("status").asText();
    String why = answer.path("decision").path("code").asText();
    boolean isSame = isCancelled ? !why.equals("too_late") : said.equals("nothing_to_rescind");
    if (!isSame) {
      violations.add("a termination and its rescind say different things: " + end + " " + answer);
    }
    if (said.equals("rescinded") && !names(answer, end.path("caseId").asText())) {
      violations.add("a rescind that does not name what it cancelled: " + answer);
    }
    Instant both = latest(arrivals.get(leaver.number()), arrivals.get(rescind.number()));
    if (isCancelled) {
      cancelled++;
    } else if (both.plus(IN_TIME).isBefore(leaver.due())) {
      violations.add("done, though it was taken back in time: " + end + " " + answer);
    } else {
      tooLate++;
    }
  }

  private static boolean names(JsonNode rescind, String caseId) {
    for (JsonNode one : rescind.path("cases")) {
      if (one.path("caseId").asText().equals(caseId)) {
        return true;
      }
    }
    return false;
  }

  private static Instant latest(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** Nothing was deleted before its time, and nothing of those whose leaving was cancelled. */
  void truth(List<Deletion> deletions) {
    for (Deletion deletion : deletions) {
      Planned leaver = leavers.get(deletion.grant().personId());
      if (leaver == null || retired.contains(deletion.grant().clientId())) {
        continue;
      }
      if (deletion.at().isBefore(leaver.due())) {
        violations.add("deleted before " + leaver.due() + ": " + deletion);
      }
      JsonNode end = ends.get(leaver.number());
      if (end != null && !DONE.contains(end.path("status").asText())) {
        violations.add("deleted, though it was not to be done: " + deletion + " " + end);
      }
    }
  }

  /** Whose leaving was done. */
  Set<String> left() {
    Set<String> left = new HashSet<>();
    leavers.forEach(
        (person, leaver) -> {
          JsonNode end = ends.get(leaver.number());
          if (end != null && DONE.contains(end.path("status").asText())) {
            left.add(person);
          }
        });
    return left;
  }

  /**
   * Each person who was revoked, and of whom nobody took that back, is looked at so often again and
   * no more; nothing has reappeared.
   *
   * @param interim the outcomes that are not final
   */
  void looks(List<Planned> planned, List<JsonNode> interim) {
    Map<String, Set<Integer>> looks = new HashMap<>();
    for (JsonNode one : interim) {
      if (!one.path("status").asText().equals("relook")) {
        continue;
      }
      Set<Integer> seen =
          looks.computeIfAbsent(one.path("caseId").asText(), caseId -> new HashSet<>());
      if (!seen.add(one.path("look").asInt()) && markersDropped.isEmpty()) {
        violations.add("a second look twice: " + one);
      }
      if (!one.path("authorizations").isEmpty() || !one.path("error").isNull()) {
        violations.add("a second look that found something: " + one);
      }
    }
    for (Planned event : planned) {
      JsonNode end = ends.get(event.number());
      if (end == null || event.kind() == Kind.TAKEN_BACK) {
        continue;
      }
      int expected = end.path("status").asText().equals("revoked") ? LOOKS : 0;
      int found = looks.getOrDefault(end.path("caseId").asText(), Set.of()).size();
      if (found != expected && (found > expected || !isTorn(end))) {
        violations.add(found + " second looks after " + end);
      }
    }
  }

  /** Whether the transaction of this outcome may have come to nothing in the topic of cases. */
  private boolean isTorn(JsonNode end) {
    Instant at = Instant.parse(end.path("timing").path("completedAt").asText());
    return markersDropped.stream()
        .anyMatch(dropped -> !at.isAfter(dropped) && at.plus(IN_TIME).isAfter(dropped));
  }
}
