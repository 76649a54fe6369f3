package io.offboarder.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.cli.OutcomeTable;
import io.offboarder.cli.Terminal;
import io.offboarder.testing.Company;
import io.offboarder.testing.Schemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads the outcomes, shows each in a table, and compares them with what should have come. */
final class Auditor {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Company company;
  private final Patience patience;
  private final OutcomeTable table;
  private final Set<String> seen = new HashSet<>();
  private final List<JsonNode> outcomes = new ArrayList<>();
  private final List<String> expected = new ArrayList<>();

  Auditor(Company company, Patience patience, Terminal terminal) {
    this.company = company;
    this.patience = patience;
    this.table = new OutcomeTable(terminal.columns(), terminal.colours());
  }

  /** From now on outcomes with these statuses are due about a person, an app or an event. */
  void expect(String who, String... statuses) {
    for (String status : statuses) {
      expected.add(who + " " + status);
    }
  }

  /** How many are due in all. */
  int expected() {
    return expected.size();
  }

  /** Shows outcomes as they come, until as many have come as are expected. */
  void awaitExpected() {
    awaitCount(expected.size());
  }

  /** Shows outcomes as they come, until so many more than expected have come. */
  void awaitMore(int unnamed) {
    awaitCount(expected.size() + unnamed);
  }

  private void awaitCount(int count) {
    patience.show(table.header());
    company
        .topics()
        .eachCommitted(company.outcomes(), this::show, () -> outcomes.size() >= count, PATIENCE);
    patience.show("");
  }

  private void show(ConsumerRecord<byte[], byte[]> record) {
    if (seen.add(record.partition() + "@" + record.offset())) {
      Schemas.assertValidOutcome(record.value());
      JsonNode outcome = Company.json(record.value());
      outcomes.add(outcome);
      patience.show(table.row(outcome));
    }
  }

  /** All outcomes so far. */
  List<JsonNode> outcomes() {
    return outcomes;
  }

  /** Those so far with this status. */
  List<JsonNode> outcomes(String status) {
    return outcomes.stream().filter(one -> status(one).equals(status)).toList();
  }

  /** What is wrong with the outcomes so far, if this many events were published. */
  List<String> faults(int events) {
    List<String> came = new ArrayList<>();
    Set<String> ended = new HashSet<>();
    List<String> faults = new ArrayList<>();
    for (JsonNode outcome : outcomes) {
      came.add(who(outcome) + " " + status(outcome));
      if (isFinal(outcome) && !ended.add(outcome.path("caseId").asText())) {
        faults.add("two final outcomes: " + who(outcome));
      }
    }
    if (ended.size() != events) {
      faults.add(ended.size() + " final outcomes of " + events + " events");
    }
    for (String one : new TreeSet<>(concatenated(came, expected))) {
      long wanted = expected.stream().filter(one::equals).count();
      long there = came.stream().filter(one::equals).count();
      if (wanted != there) {
        faults.add(one + ": " + there + " outcomes instead of " + wanted);
      }
    }
    return faults;
  }

  private static List<String> concatenated(List<String> some, List<String> others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /** Whether nothing more comes of the event. */
  static boolean isFinal(JsonNode outcome) {
    return outcome.path("final").asBoolean();
  }

  static String status(JsonNode outcome) {
    return outcome.path("status").asText();
  }

  /** The address, else the event's id; a hyphen where neither could be read. */
  static String who(JsonNode outcome) {
    String email = outcome.path("subject").path("personEmail").asText("");
    return email.isEmpty() ? outcome.path("event").path("id").asText("-") : email;
  }
}
