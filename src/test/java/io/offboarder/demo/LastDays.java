package io.offboarder.demo;

import static io.offboarder.demo.Staff.email;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Second: two people whose last day is ahead, one of whom stays after all. */
final class LastDays {
  private static final Duration AHEAD = Duration.ofSeconds(8);

  /** How many people lose access here. */
  static final int LEAVERS = 1;

  private LastDays() {}

  static String story() {
    return """
        2. Events that wait. Kim's last moment is in %d seconds, Leo's in an hour. Then Leo decides to stay.
        """
        .formatted(AHEAD.toSeconds());
  }

  static void play(Staff staff, Operator operator, Auditor auditor) {
    staff.hireWithApps("kim");
    staff.hireWithCalendar("leo");
    staff.mustKeepAccess(email("leo"));
    Instant now = Instant.now();
    announce(operator, "kim", now.plus(AHEAD));
    announce(operator, "leo", now.plus(Duration.ofHours(1)));
    auditor.expect(email("kim"), "scheduled");
    auditor.expect(email("leo"), "scheduled");
    auditor.awaitExpected();
    operator.types("case", "list", "--state", "scheduled");
    operator.types("case", "cancel", caseOf(auditor, "leo"), "--reason", "stays after all");
    auditor.expect(email("leo"), "cancelled", "rescinded");
    auditor.expect(email("kim"), "revoked");
    auditor.awaitExpected();
  }

  private static void announce(Operator operator, String name, Instant at) {
    operator.types(
        "send",
        "user-terminated",
        "--person-email",
        email(name),
        "--effective-at",
        at.truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static String caseOf(Auditor auditor, String name) {
    for (JsonNode one : auditor.outcomes("scheduled")) {
      if (Auditor.who(one).equals(email(name))) {
        return one.path("caseId").asText().substring(0, 8);
      }
    }
    throw new AssertionError("nothing is scheduled for " + name);
  }
}
