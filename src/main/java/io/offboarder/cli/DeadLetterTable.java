package io.offboarder.cli;

import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.service.DeadLetterHeaders;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Shows dead letters as rows that fit a terminal's width. Immutable. */
final class DeadLetterTable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ssX", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final String GAP = "  ";

  private final int columns;

  /**
   * A table.
   *
   * @param columns how wide a row may be, or {@link OutcomeTable#UNLIMITED}
   */
  DeadLetterTable(int columns) {
    this.columns = columns;
  }

  /** The names of the columns. */
  String header() {
    return row("WHICH", "SINCE", "STATUS", "CODE", "CAME FROM", "PROBLEM");
  }

  /** One dead letter; what its headers do not say is a hyphen. */
  String row(Entry letter) {
    Map<String, String> said = DeadLetterHeaders.read(letter.headers());
    return row(
        letter.partition() + ":" + letter.offset(),
        TIME.format(letter.timestamp()),
        said.getOrDefault("status", ShownOutcome.NONE),
        said.getOrDefault("code", ShownOutcome.NONE),
        said.containsKey("topic")
            ? said.get("topic") + " " + said.get("partition") + ":" + said.get("offset")
            : ShownOutcome.NONE,
        said.getOrDefault("message", ShownOutcome.NONE));
  }

  private String row(
      String which, String since, String status, String code, String from, String problem) {
    String row =
        String.join(
            GAP,
            TerminalText.left(which, 8),
            TerminalText.left(since, 20),
            TerminalText.left(status, 17),
            TerminalText.left(code, 19),
            TerminalText.left(from, 26),
            TerminalText.printable(problem));
    return columns == OutcomeTable.UNLIMITED ? row : TerminalText.fitted(row, columns);
  }
}
