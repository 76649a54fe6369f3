package io.offboarder.demo;

import static io.offboarder.demo.Staff.email;
import static io.offboarder.testing.Company.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.testing.Company;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Third: an import marks more people as terminated than the guard lets through. */
final class WrongImport {
  private static final Pattern APPROVE = Pattern.compile("--approve ([0-9a-f]+)");
  private static final int IMPORTED = 12;
  private static final int LET_THROUGH = 4;
  private static final int RELEASED = 3;

  /** What the guard is set to, so that it lets four of the import through. */
  static final int LIMIT = SmallCompany.LEAVERS + LastDays.LEAVERS + LET_THROUGH;

  private WrongImport() {}

  static String story() {
    return """
        3. A wrong import: %d people at once are marked as terminated. The guard (%d an hour here) lets %d through,
        as %d have left already, and holds the others until a person decides. %d of those did leave.
        """
        .formatted(IMPORTED, LIMIT, LET_THROUGH, LIMIT - LET_THROUGH, RELEASED);
  }

  static void play(Staff staff, Company company, Operator operator, Auditor auditor) {
    List<String> names =
        IntStream.rangeClosed(1, IMPORTED).mapToObj(i -> "imported-%02d".formatted(i)).toList();
    names.forEach(staff::hireWithCalendar);
    company.publish(company.terminated(), names.stream().map(WrongImport::leaves).toList());
    auditor.awaitMore(IMPORTED);

    List<JsonNode> held = new ArrayList<>(auditor.outcomes("held"));
    held.sort((one, other) -> Auditor.who(one).compareTo(Auditor.who(other)));
    List<String> heldNames = held.stream().map(Auditor::who).toList();
    int touched = IMPORTED - held.size();
    if (touched != LET_THROUGH) {
      throw new AssertionError(
          "the guard let " + touched + " people through instead of " + LET_THROUGH);
    }
    for (String name : names) {
      auditor.expect(email(name), heldNames.contains(email(name)) ? "held" : "revoked");
    }

    List<JsonNode> left = held.subList(0, RELEASED);
    List<String> release = new ArrayList<>(List.of("case", "release"));
    left.forEach(one -> release.add(one.path("caseId").asText().substring(0, 8)));
    release.addAll(List.of("--reason", "HR confirms"));
    approved(operator, release);
    left.forEach(one -> auditor.expect(Auditor.who(one), "revoked"));
    auditor.awaitExpected();

    approved(operator, List.of("case", "discard", "--all", "--reason", "a wrong import"));
    for (String one : heldNames.subList(RELEASED, heldNames.size())) {
      auditor.expect(one, "discarded");
      staff.mustKeepAccess(one);
    }
    auditor.awaitExpected();
  }

  /** First shows which cases these are, then approves exactly those. */
  private static void approved(Operator operator, List<String> command) {
    Matcher digest = APPROVE.matcher(operator.types(command.toArray(String[]::new)));
    if (!digest.find()) {
      throw new AssertionError("no digest to approve was shown");
    }
    List<String> approving = new ArrayList<>(command);
    approving.addAll(List.of("--approve", digest.group(1)));
    operator.types(approving.toArray(String[]::new));
  }

  private static ObjectNode leaves(String name) {
    return event(name.replace("ed", ""), "user-terminated", Map.of("personEmail", email(name)));
  }
}
