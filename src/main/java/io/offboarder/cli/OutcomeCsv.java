package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes outcomes as CSV (RFC 4180, but with newlines alone), for spreadsheets. */
final class OutcomeCsv {
  /** The columns, and where an outcome has what is in them. */
  private static final List<String> MEMBERS =
      List.of(
          "/timing/completedAt",
          "/status",
          "/event/id",
          "/event/type",
          "/subject/personEmail",
          "/subject/personId",
          "/subject/clientId",
          "/subject/orgId",
          "/timing/timeToRevokeMs",
          "/error/code",
          "/error/field",
          "/error/message",
          "/event/topic",
          "/event/partition",
          "/event/offset");

  private static final String REVOKED = "revoked";
  private static final String LISTED = "authorizations";
  private static final String SPARED = "spared";
  private static final String DECISION = "decision";
  private static final String FINAL = "final";

  private final ObjectWriter writer;
  private final CsvSchema schema;

  OutcomeCsv() {
    CsvSchema.Builder columns = CsvSchema.builder();
    MEMBERS.forEach(member -> columns.addColumn(name(member)));
    schema =
        columns
            .addColumn(REVOKED)
            .addColumn(LISTED)
            .addColumn(SPARED)
            .addColumn(DECISION)
            .addColumn(FINAL)
            .setLineSeparator("")
            .build();
    writer = new CsvMapper().writer(schema).without(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  private static String name(String member) {
    return member.substring(member.lastIndexOf('/', member.lastIndexOf('/')) + 1);
  }

  /** The names of the columns. */
  String header() {
    return String.join(",", schema.getColumnNames());
  }

  /** One outcome; what it does not say is empty. */
  String row(JsonNode outcome) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (String member : MEMBERS) {
      JsonNode value = outcome.at(member);
      row.put(name(member), value.isNull() ? "" : TerminalText.printable(value.asText("")));
    }
    row.put(REVOKED, new ShownOutcome(outcome).revoked());
    row.put(LISTED, outcome.path(LISTED).size());
    row.put(SPARED, new ShownOutcome(outcome).count(SPARED));
    row.put(DECISION, TerminalText.printable(outcome.path(DECISION).path("code").asText("")));
    row.put(FINAL, ShownOutcome.isFinal(outcome));
    try {
      return writer.writeValueAsString(row);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
  }
}
