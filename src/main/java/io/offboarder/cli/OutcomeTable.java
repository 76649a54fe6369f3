package io.offboarder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import picocli.CommandLine.Help.Ansi;

/** Shows outcomes as lines of a table. Immutable. */
public final class OutcomeTable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final String FORMAT = "%-8s  %-18s  %-34s  %5s  %5s  %7s  %s";
  private static final int SUBJECT_WIDTH = 34;

  private final Ansi ansi;

  /** A table with colours or without. */
  public OutcomeTable(Ansi ansi) {
    this.ansi = ansi;
  }

  /** The line above the outcomes. */
  public String header() {
    return ansi.string(
        "@|bold "
            + FORMAT
                .formatted("time", "status", "subject", "gone", "calls", "ms", "what")
                .stripTrailing()
            + "|@");
  }

  /** One outcome. */
  public String line(JsonNode outcome) {
    String status = outcome.path("status").asText("?");
    String line =
        FORMAT.formatted(
            time(outcome.path("timing").path("completedAt").asText("")),
            status,
            subject(outcome),
            gone(outcome),
            outcome.path("api").path("requests").asText("?"),
            outcome.path("timing").path("timeToRevokeMs").asText("?"),
            what(outcome));
    int from = line.indexOf(status);
    // Only the status goes through the markup: what an event said must not be read as one.
    return line.substring(0, from)
        + ansi.string("@|" + colour(status) + " " + status + "|@")
        + line.substring(from + status.length()).stripTrailing();
  }

  private static String time(String completedAt) {
    return completedAt.isEmpty() ? "?" : TIME.format(Instant.parse(completedAt));
  }

  private static String subject(JsonNode outcome) {
    JsonNode subject = outcome.path("subject");
    for (String name : new String[] {"personEmail", "personId", "clientId"}) {
      if (subject.hasNonNull(name)) {
        return shortened(subject.path(name).asText());
      }
    }
    return "-";
  }

  private static String shortened(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= SUBJECT_WIDTH
        ? printable
        : printable.substring(0, SUBJECT_WIDTH - 9)
            + "…"
            + printable.substring(printable.length() - 8);
  }

  private static String gone(JsonNode outcome) {
    int gone = 0;
    for (JsonNode authorization : outcome.path("authorizations")) {
      gone += authorization.path("result").asText().equals("failed") ? 0 : 1;
    }
    return Integer.toString(gone);
  }

  private static String what(JsonNode outcome) {
    JsonNode error = outcome.path("error");
    if (error.isObject()) {
      return error.path("message").asText().replaceAll("\\p{Cntrl}", "?");
    }
    return outcome.path("event").path("type").asText("");
  }

  private static String colour(String status) {
    return switch (status) {
      case "revoked" -> "bold,green";
      case "nothing_to_revoke" -> "green";
      case "partially_revoked", "subject_not_found" -> "yellow";
      default -> "bold,red";
    };
  }
}
