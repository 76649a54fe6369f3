package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.EventPublisher.Published;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.text.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows published events to their outcomes, and says meanwhile how many have come, how fast, and
 * how long the others will take at that rate. For one thread.
 */
final class OutcomeWait {
  private static final Duration POLL = Duration.ofMillis(250);

  /** How often a new line says so, where the terminal cannot overwrite the last one. */
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  /** An outcome mostly comes in a second. */
  private static final Duration WONDER_AFTER = Duration.ofSeconds(15);

  private static final int SHOWN = 20;

  /** What leaves nothing that somebody has to look after. */
  static final Set<String> GOOD =
      Stream.of(Status.values())
          .filter(status -> !status.needsAttention() && status != Status.HELD)
          .map(Status::toString)
          .collect(Collectors.toUnmodifiableSet());

  private final Terminal terminal;
  private final CommittedRecordReader reader;
  private final boolean json;
  private final JsonMapper mapper = new JsonMapper();
  private final Map<String, Integer> counts = new TreeMap<>();
  private final List<JsonNode> shown = new ArrayList<>();
  private final long begun = System.nanoTime();
  private long lastLine = begun;

  /**
   * A wait.
   *
   * @param reader opened before the events were published, so that it misses no outcome
   * @param json whether each outcome is printed as it is, and nothing else
   */
  OutcomeWait(Terminal terminal, CommittedRecordReader reader, boolean json) {
    this.terminal = terminal;
    this.reader = reader;
    this.json = json;
  }

  /**
   * Waits for an outcome of each event.
   *
   * @param timeout null for as long as it takes
   * @param good the statuses that are what was asked for; any other is exit code 1
   */
  ExitCode await(Collection<Published> events, @Nullable Duration timeout, Set<String> good) {
    Set<Published> open = new HashSet<>(events);
    while (!open.isEmpty()
        && !reader.isStopped()
        && (timeout == null || elapsed().compareTo(timeout) < 0)) {
      for (Entry entry : reader.poll(POLL)) {
        take(entry, open, events.size());
      }
      progress(events.size() - open.size(), events.size());
    }
    if (terminal.interactive()) {
      terminal.err().print("\r\u001b[K");
      terminal.err().flush();
    }
    summarise(events.size() - open.size(), events.size());
    if (!open.isEmpty()) {
      return ExitCode.UNFINISHED;
    }
    return good.containsAll(counts.keySet()) ? ExitCode.OK : ExitCode.FAILED;
  }

  private void take(Entry entry, Set<Published> open, int all) {
    try {
      JsonNode outcome = mapper.readTree(entry.text());
      JsonNode event = outcome.path("event");
      Published of =
          new Published(
              event.path("topic").asText(),
              event.path("partition").asInt(-1),
              event.path("offset").asLong(-1));
      if (open.remove(of)) {
        String status = new ShownOutcome(outcome).status();
        counts.merge(status, 1, Integer::sum);
        if (json) {
          terminal.out().println(Printable.json(entry.text()));
          terminal.out().flush();
        } else if (shown.size() < SHOWN && (all == 1 || !GOOD.contains(status))) {
          shown.add(outcome);
        }
      }
    } catch (JsonProcessingException e) {
      // Not an outcome, so not one of these events'.
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  private void progress(int come, int all) {
    double rate = come * 1000.0 / Math.max(1, elapsed().toMillis());
    String line =
        come(come, all)
            + (come == 0
                ? ", none yet after "
                    + Figures.time(elapsed())
                    + (elapsed().compareTo(WONDER_AFTER) < 0
                        ? ""
                        : "; \"offboarder status\" shows what the service waits for")
                : ", "
                    + Figures.rate(rate)
                    + " a second, "
                    + Figures.time(Duration.ofMillis((long) ((all - come) / rate * 1000)))
                    + " left");
    if (terminal.interactive()) {
      terminal.err().print("\r" + line + "\u001b[K");
      terminal.err().flush();
    } else if (System.nanoTime() - lastLine > BETWEEN_LINES.toNanos()) {
      lastLine = System.nanoTime();
      terminal.report(line);
    }
  }

  private static String come(int come, int all) {
    return Figures.count(come) + " of " + Figures.counted(all, "outcome");
  }

  private void summarise(int come, int all) {
    if (!shown.isEmpty()) {
      OutcomeTable table = new OutcomeTable(terminal.columns(), terminal.colours());
      terminal.out().println(table.header());
      shown.forEach(outcome -> terminal.out().println(table.row(outcome)));
    }
    String by =
        counts.entrySet().stream()
            .map(one -> Figures.count(one.getValue()) + " " + one.getKey())
            .collect(Collectors.joining(", "));
    (json ? terminal.err() : terminal.out())
        .println(
            come(come, all)
                + " within "
                + Figures.time(elapsed())
                + (by.isEmpty() ? "" : ": " + by));
  }
}
