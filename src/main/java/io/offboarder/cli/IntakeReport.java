package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.EventDecoder;
import io.offboarder.event.OffboardingEvent;
import io.offboarder.intake.InputRecord;
import io.offboarder.intake.Reading;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Item;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import io.offboarder.intake.Sample;
import io.offboarder.policy.ActionPolicy;
import io.offboarder.policy.Decision;
import io.offboarder.protection.Untouched;
import io.offboarder.registry.SchemaRegistry.Unreadable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Says what rules make of records, one by one and in sum. For one thread. */
final class IntakeReport {
  private static final String OURS = "(Offboarder's own form)";
  private static final String NONE = "(no rule)";

  private final Terminal terminal;
  private final boolean json;
  private final ActionPolicy policy;
  private final Clock clock;
  private final JsonMapper mapper = new JsonMapper();
  private final Map<String, Counts> counts = new TreeMap<>();
  private int failed;

  private static final class Counts {
    private int events;
    private int ignored;
    private int rejected;
  }

  /** What a record, or an item of one, became. */
  private record Line(String rule, String what, String words, @Nullable String event) {}

  IntakeReport(Terminal terminal, boolean json, ActionPolicy policy, Clock clock) {
    this.terminal = terminal;
    this.json = json;
    this.policy = policy;
    this.clock = clock;
  }

  /** A record of which nothing is expected: it fails where any of it is rejected. */
  void tried(String name, InputRecord record, Reading reading, EventDecoder decoder) {
    List<Line> lines = lines(record, reading, decoder);
    boolean isBad = lines.stream().anyMatch(line -> line.what().equals("rejected"));
    show(name, isBad, lines, List.of());
  }

  /** A record that nothing can be read of. */
  void unreadable(String name, Unreadable content) {
    Rejected rejected = Rejected.unreadable(content.schema(), content.words());
    Line line = new Line(NONE, "rejected", rejected.error().message(), null);
    count(line);
    show(name, true, List.of(line), List.of());
  }

  /** A sample: it fails where it did not become what it says. */
  void compared(Sample sample, Reading reading, String rulePrefix, EventDecoder decoder) {
    List<String> differences = sample.differences(reading, rulePrefix);
    show(
        sample.name(),
        !differences.isEmpty(),
        lines(sample.record(), reading, decoder),
        differences);
  }

  private List<Line> lines(InputRecord record, Reading reading, EventDecoder decoder) {
    List<Line> lines = new ArrayList<>();
    if (reading instanceof Unmatched unmatched) {
      Decoded decoded = unmatched.describe(decoder.decode(record.headers(), record.value()));
      lines.add(
          decoded instanceof Understood understood
              ? meant(OURS, understood.event(), false, null)
              : new Line(NONE, "rejected", ((Rejected) decoded).error().message(), null));
    } else {
      for (Item item : ((Matched) reading).items()) {
        lines.add(line(item));
      }
      if (lines.isEmpty()) {
        lines.add(new Line(((Matched) reading).rule(), "ignored", "a batch of no events", null));
      }
    }
    lines.forEach(this::count);
    return lines;
  }

  private Line line(Item item) {
    if (!(item instanceof Case one)) {
      return new Line(item.rule(), "ignored", "", null);
    }
    return one.decoded() instanceof Understood understood
        ? meant(one.rule(), understood.event(), one.isImmediate(), one.event())
        : new Line(
            one.rule(),
            "rejected",
            ((Rejected) one.decoded()).error().message(),
            one.event().isEmpty() ? null : one.event());
  }

  /** What the event would mean if it came now. */
  private Line meant(
      String rule, OffboardingEvent event, boolean isImmediate, @Nullable String json) {
    Instant now = clock.instant();
    Decision decision =
        policy.unlessHeld(policy.decide(event, now, Untouched.NOTHING), event, now, now);
    return new Line(
        rule,
        decision instanceof Decision.Refuse ? "rejected" : "event",
        words(decision, now, isImmediate),
        json);
  }

  private static String words(Decision decision, Instant now, boolean isImmediate) {
    if (decision instanceof Decision.Schedule later) {
      return "due " + later.due() + ", in " + rounded(Duration.between(now, later.due()));
    }
    if (decision instanceof Decision.Act) {
      return isImmediate ? "at once, for its reason" : "at once";
    }
    String kind = decision instanceof Decision.Hold ? "held, " : "";
    return kind + decision.code() + ": " + decision.reason();
  }

  private static String rounded(Duration duration) {
    if (duration.toDays() > 1) {
      return duration.toDays() + " days";
    }
    return duration.toHours() > 1 ? duration.toHours() + " hours" : duration.toMinutes() + " min";
  }

  private void count(Line line) {
    Counts of = counts.computeIfAbsent(line.rule(), rule -> new Counts());
    switch (line.what()) {
      case "event" -> of.events++;
      case "ignored" -> of.ignored++;
      default -> of.rejected++;
    }
  }

  private void show(String name, boolean isBad, List<Line> lines, List<String> differences) {
    failed += isBad ? 1 : 0;
    if (json) {
      showJson(name, isBad, lines, differences);
      return;
    }
    terminal.out().println((isBad ? "FAIL  " : "ok    ") + TerminalText.printable(name));
    for (Line line : lines) {
      String words = line.words().isEmpty() ? "" : ": " + line.words();
      terminal
          .out()
          .println("      " + TerminalText.printable(line.rule() + "  " + line.what() + words));
      if (line.event() != null) {
        terminal.out().println("      " + TerminalText.printable(line.event()));
      }
    }
    differences.forEach(
        difference ->
            terminal.out().println("      not as it says: " + TerminalText.printable(difference)));
  }

  private void showJson(String name, boolean isBad, List<Line> lines, List<String> differences) {
    ObjectNode shown = mapper.createObjectNode().put("sample", name).put("failed", isBad);
    ArrayNode items = shown.putArray("items");
    for (Line line : lines) {
      ObjectNode item = items.addObject().put("rule", line.rule()).put("result", line.what());
      item.put("words", line.words());
      try {
        item.set("event", line.event() == null ? null : mapper.readTree(line.event()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("written a moment ago", e);
      }
    }
    ArrayNode unlike = shown.putArray("differences");
    differences.forEach(unlike::add);
    terminal.out().println(io.offboarder.text.Printable.json(shown.toString()));
  }

  /** The sum, and the exit code. */
  int end() {
    if (!json) {
      terminal.out().println();
      counts.forEach(
          (rule, of) ->
              terminal
                  .out()
                  .println(
                      String.format(
                          Locale.ROOT,
                          "%s  %d events, %d ignored, %d rejected",
                          TerminalText.left(rule, 32),
                          of.events,
                          of.ignored,
                          of.rejected)));
    }
    if (failed > 0) {
      terminal.report(failed + " failed");
    }
    return failed > 0 ? ExitCode.FAILED.code() : ExitCode.OK.code();
  }
}
