package io.offboarder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows outcomes as rows of a table that fits a terminal's width. Outcomes are JSON as {@code
 * schemas/outcome.schema.json} describes it; whatever is missing shows as a hyphen, and what could
 * move the cursor or colour the screen is not let through. Immutable.
 */
public final class OutcomeTable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int TIME_WIDTH = 8;
  private static final int STATUS_WIDTH = 18;
  private static final int GONE_WIDTH = 7;
  private static final int TOOK_WIDTH = 8;
  private static final int GAPS = 5 * 2;
  private static final int LEAST_DETAIL = 16;
  private static final String NONE = "-";

  private static final Map<String, String> COLOURS =
      Map.of(
          "revoked", "32",
          "nothing_to_revoke", "36",
          "partially_revoked", "33",
          "subject_not_found", "33",
          "failed", "31",
          "rejected", "35");

  private final boolean colours;
  private final int subjectWidth;
  private final int detailWidth;

  /**
   * A table.
   *
   * @param columns how wide a row may be; below about 80 the last column is left out
   * @param colours whether the status is coloured
   */
  public OutcomeTable(int columns, boolean colours) {
    this.colours = colours;
    int free = columns - TIME_WIDTH - STATUS_WIDTH - GONE_WIDTH - TOOK_WIDTH - GAPS;
    int subject = Math.max(12, Math.min(40, free * 2 / 5));
    this.detailWidth = free - subject >= LEAST_DETAIL ? free - subject : 0;
    this.subjectWidth = detailWidth == 0 ? Math.max(8, free + 2) : subject;
  }

  /** The names of the columns; times are UTC. */
  public String header() {
    String names =
        row("TIME", padded("STATUS", STATUS_WIDTH), "WHO", "REVOKED", "TOOK", "APPS / PROBLEM");
    return colours ? "\u001b[1m" + names + "\u001b[0m" : names;
  }

  /** The day (UTC) of an outcome, which its row leaves out; null if it has no time. */
  public static @Nullable LocalDate day(JsonNode outcome) {
    Instant at = completedAt(outcome);
    return at == null ? null : LocalDate.ofInstant(at, ZoneOffset.UTC);
  }

  /** One outcome. */
  public String row(JsonNode outcome) {
    String status = outcome.path("status").asText(NONE);
    return row(
        time(outcome),
        coloured(status, padded(fitted(printable(status), STATUS_WIDTH), STATUS_WIDTH)),
        subject(outcome),
        gone(outcome),
        took(outcome.path("timing").path("timeToRevokeMs")),
        detail(outcome));
  }

  private String row(
      String time, String status, String who, String gone, String took, String detail) {
    StringBuilder row = new StringBuilder();
    row.append(padded(time, TIME_WIDTH)).append("  ");
    row.append(status).append("  ");
    row.append(padded(fitted(who, subjectWidth), subjectWidth)).append("  ");
    row.append(" ".repeat(Math.max(0, GONE_WIDTH - gone.length()))).append(gone).append("  ");
    row.append(" ".repeat(Math.max(0, TOOK_WIDTH - took.length()))).append(took);
    if (detailWidth > 0) {
      row.append("  ").append(fitted(detail, detailWidth));
    }
    return row.toString().stripTrailing();
  }

  private String coloured(String status, String text) {
    String colour = COLOURS.get(status);
    return colours && colour != null ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }

  private static String time(JsonNode outcome) {
    Instant at = completedAt(outcome);
    return at == null ? NONE : TIME.format(at);
  }

  private static @Nullable Instant completedAt(JsonNode outcome) {
    try {
      return Instant.parse(outcome.path("timing").path("completedAt").asText(""));
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static String subject(JsonNode outcome) {
    JsonNode subject = outcome.path("subject");
    for (String name : new String[] {"personEmail", "personId", "clientId"}) {
      String value = subject.path(name).asText("");
      if (!value.isBlank()) {
        return name.equals("clientId") ? "app " + printable(value) : printable(value);
      }
    }
    return NONE;
  }

  private static String gone(JsonNode outcome) {
    JsonNode authorizations = outcome.path("authorizations");
    if (authorizations.isEmpty()) {
      return isAppRevoked(outcome) ? "all" : NONE;
    }
    int gone = 0;
    for (JsonNode authorization : authorizations) {
      gone += authorization.path("result").asText().equals("failed") ? 0 : 1;
    }
    return gone == authorizations.size()
        ? String.valueOf(gone)
        : gone + " of " + authorizations.size();
  }

  private static boolean isAppRevoked(JsonNode outcome) {
    return outcome.path("status").asText().equals("revoked")
        && outcome.path("subject").hasNonNull("clientId");
  }

  private static String took(JsonNode millis) {
    if (!millis.isNumber()) {
      return NONE;
    }
    long value = millis.asLong();
    if (value < 10_000) {
      return value + " ms";
    }
    return value < 600_000 ? value / 1000 + " s" : value / 60_000 + " min";
  }

  private static String detail(JsonNode outcome) {
    JsonNode error = outcome.path("error");
    String detail = error.isObject() ? problem(error) : apps(outcome);
    int retries = outcome.path("api").path("retries").asInt();
    return printable(
        detail + (retries > 0 ? " (" + counted(retries, "retry", "retries") + ")" : ""));
  }

  /** The message alone where it begins with the field's name; else its code, to look it up by. */
  private static String problem(JsonNode error) {
    String message = error.path("message").asText("");
    String field = error.path("field").asText("");
    return !field.isEmpty() && message.startsWith(field)
        ? message
        : error.path("code").asText(NONE) + ": " + message;
  }

  private static String apps(JsonNode outcome) {
    if (isAppRevoked(outcome)) {
      return "by the API's 204; an app has no list";
    }
    Map<String, Integer> apps = new LinkedHashMap<>();
    for (JsonNode authorization : outcome.path("authorizations")) {
      String name = authorization.path("applicationName").asText("");
      String clientId = authorization.path("clientId").asText("");
      apps.merge(name.isBlank() || name.equals("null") ? clientId : name, 1, Integer::sum);
    }
    return apps.entrySet().stream()
        .map(app -> app.getKey() + (app.getValue() > 1 ? " ×" + app.getValue() : ""))
        .collect(Collectors.joining(", "));
  }

  private static String counted(int number, String one, String many) {
    return number + " " + (number == 1 ? one : many);
  }

  /** Text without what a terminal would take for an instruction, on one line. */
  static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || isInvisible(c) ? ' ' : c)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  /** Formatting characters turn text around or hide it; so do separators of lines. */
  private static boolean isInvisible(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }

  private static String fitted(String text, int width) {
    return text.codePointCount(0, text.length()) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.codePointCount(0, text.length())));
  }
}
