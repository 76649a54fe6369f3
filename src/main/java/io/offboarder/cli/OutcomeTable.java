package io.offboarder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows outcomes as rows of a table that fits a terminal's width. A missing value shows as a
 * hyphen, and what could move the cursor or colour the screen is not let through. Immutable.
 *
 * <p>Not picocli's table: that one throws on wide characters which it did not write itself.
 */
public final class OutcomeTable {
  /** A width that cuts nothing: for files and pipes. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssX", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int TIME_WIDTH = 20;
  private static final int STATUS_WIDTH = 18;
  private static final int GONE_WIDTH = 7;
  private static final int TOOK_WIDTH = 7;
  private static final int GAP = 2;
  private static final int WHO_LEAST = 12;
  private static final int WHO_MOST = 40;

  /** A UUID, which most events are named by. */
  private static final int EVENT_WIDTH = 36;

  private static final int EVENT_LEAST = 12;
  private static final int DETAIL_LEAST = 16;
  private static final int DETAIL_GOOD = 32;

  private static final Map<String, String> COLOURS =
      Map.ofEntries(
          Map.entry("revoked", "32"),
          Map.entry("accepted", "32"),
          Map.entry("nothing_to_revoke", "36"),
          Map.entry("partially_revoked", "33"),
          Map.entry("subject_not_found", "33"),
          Map.entry("failed", "31"),
          Map.entry("rejected", "35"),
          Map.entry("skipped", "36"),
          Map.entry("dry_run", "36"),
          Map.entry("held", "33"),
          Map.entry("discarded", "34"),
          Map.entry("scheduled", "34"),
          Map.entry("cancelled", "34"),
          Map.entry("rescinded", "34"),
          Map.entry("nothing_to_rescind", "33"),
          Map.entry("relook", "36"));

  private final boolean colours;
  private final boolean cuts;
  private final int who;
  private final int event;
  private final int detail;
  private final boolean counts;

  /**
   * A table.
   *
   * @param columns how wide a row may be, or {@link #UNLIMITED}; the narrower, the fewer columns
   * @param colours whether the status is coloured
   */
  public OutcomeTable(int columns, boolean colours) {
    this.colours = colours;
    this.cuts = columns != UNLIMITED;
    if (!cuts) {
      counts = true;
      who = 32;
      event = EVENT_WIDTH;
      detail = UNLIMITED;
      return;
    }
    int free = columns - TIME_WIDTH - STATUS_WIDTH - 2 * GAP;
    int numbers = GONE_WIDTH + TOOK_WIDTH + 2 * GAP;
    counts = free >= WHO_LEAST + numbers;
    free -= counts ? numbers : 0;
    if (free >= WHO_LEAST + EVENT_WIDTH + DETAIL_GOOD + 2 * GAP) {
      event = EVENT_WIDTH;
    } else {
      event = free >= WHO_LEAST + EVENT_LEAST + DETAIL_LEAST + 2 * GAP ? EVENT_LEAST : 0;
    }
    free -= event == 0 ? 0 : event + GAP;
    int shared = Math.max(WHO_LEAST, Math.min(WHO_MOST, free * 2 / 5));
    int left = free - shared - GAP;
    detail = left >= DETAIL_LEAST ? left : 0;
    who = detail == 0 ? Math.max(8, free) : shared;
  }

  /** The names of the columns. */
  public String header() {
    String names =
        row(
            "TIME",
            cell("STATUS", STATUS_WIDTH),
            "WHO",
            "REVOKED",
            "TOOK",
            "EVENT",
            "APPS / PROBLEM");
    return colours ? "\u001b[1m" + names + "\u001b[0m" : names;
  }

  /** One outcome, JSON as {@code schemas/outcome.schema.json} describes it. */
  public String row(JsonNode outcome) {
    ShownOutcome shown = new ShownOutcome(outcome);
    Instant at = shown.completedAt();
    return row(
        at == null ? ShownOutcome.NONE : TIME.format(at),
        coloured(shown.status()),
        shown.subject(),
        shown.gone(),
        took(shown.millis()),
        shown.event(),
        shown.detail());
  }

  private String row(
      String time,
      String status,
      String subject,
      String gone,
      String took,
      String id,
      String rest) {
    List<String> cells = new ArrayList<>(List.of(TerminalText.left(time, TIME_WIDTH), status));
    cells.add(cell(subject, who));
    if (counts) {
      cells.add(TerminalText.right(gone, GONE_WIDTH));
      cells.add(TerminalText.right(took, TOOK_WIDTH));
    }
    if (event > 0) {
      cells.add(cell(id, event));
    }
    if (detail > 0) {
      cells.add(cuts ? TerminalText.fitted(rest, detail) : rest);
    }
    return String.join(" ".repeat(GAP), cells).stripTrailing();
  }

  private String cell(String text, int cells) {
    return TerminalText.left(cuts ? TerminalText.fitted(text, cells) : text, cells);
  }

  private String coloured(String status) {
    String text = cell(status, STATUS_WIDTH);
    String colour = COLOURS.get(status);
    return colours && colour != null ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }

  private static String took(@Nullable Long millis) {
    if (millis == null) {
      return ShownOutcome.NONE;
    }
    if (millis < 10_000) {
      return millis + " ms";
    }
    return millis < 600_000 ? millis / 1000 + " s" : millis / 60_000 + " min";
  }
}
