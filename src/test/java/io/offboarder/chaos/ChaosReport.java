package io.offboarder.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.testing.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a run was and what came of it, as a table. */
final class ChaosReport {
  private ChaosReport() {}

  static Report of(
      ChaosSize size,
      int records,
      Map<String, Integer> mishaps,
      Audit audit,
      List<Instant> kills,
      JsonNode requests,
      int deleted,
      Duration wall) {
    Map<String, Object> rows = new LinkedHashMap<>();
    rows.put("seed", size.seed());
    rows.put("instances", size.instances());
    rows.put("events", size.events());
    rows.put("input records", records);
    audit.statuses().forEach((status, count) -> rows.put("outcomes " + status, count));
    rows.putAll(mishaps);
    requests
        .path("requests")
        .properties()
        .forEach(entry -> rows.put("requests " + entry.getKey(), entry.getValue()));
    rows.put("most requests in flight", requests.path("mostInFlight").asInt());
    rows.put("authorizations deleted", deleted);
    rows.put("deleted, named in no outcome", audit.unattributed());
    rows.put("taken back in time", audit.dated().cancelled());
    rows.put("taken back too late", audit.dated().tooLate());
    rows.put("duplicates", audit.duplicates());
    rows.put("duplicates by KAFKA-20734", audit.torn());
    rows.put("losses", audit.losses());
    rows.put("other violations", audit.violations().size() - audit.losses());
    rows.put("event to outcome", spread(audit.waits()));
    rows.put("kill to outcomes of what waited", spread(audit.waitsFrom(kills)));
    rows.put("wall time", seconds(wall));
    Report report = Report.of("Chaos of " + size.events() + " events, seed " + size.seed());
    rows.forEach(report::row);
    return report;
  }

  private static String spread(List<Long> millis) {
    if (millis.isEmpty()) {
      return "none";
    }
    return String.format(
        Locale.ROOT,
        "50 %% %.1f s, 90 %% %.1f s, 99 %% %.1f s, all %.1f s; of %d",
        millis.get(millis.size() / 2) / 1_000.0,
        millis.get(millis.size() * 9 / 10) / 1_000.0,
        millis.get(millis.size() * 99 / 100) / 1_000.0,
        millis.get(millis.size() - 1) / 1_000.0,
        millis.size());
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1_000.0);
  }
}
