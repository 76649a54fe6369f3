package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Counts the final outcomes of the last hour, by status, in steps of ten seconds. For one thread.
 */
final class RecentOutcomes {
  /** How far back it counts. */
  static final Duration WINDOW = Duration.ofHours(1);

  private static final Duration RATE_OVER = Duration.ofMinutes(1);
  private static final long STEP_SECONDS = 10;
  private static final Duration POLL = Duration.ofMillis(200);

  private final CommittedRecordReader reader;
  private final Clock clock;
  private final JsonMapper mapper = new JsonMapper();
  private final NavigableMap<Long, Map<String, Integer>> steps = new TreeMap<>();

  /**
   * A count.
   *
   * @param reader opened at the beginning of the last hour
   */
  RecentOutcomes(CommittedRecordReader reader, Clock clock) {
    this.reader = reader;
    this.clock = clock;
  }

  /** Takes in what has come. */
  void update() {
    List<Entry> read;
    do {
      read = reader.poll(POLL);
      read.forEach(this::count);
    } while (!reader.isStopped() && (!read.isEmpty() || !reader.isPastTheEnd()));
    steps.headMap(step(clock.instant().minus(WINDOW)), false).clear();
  }

  private void count(Entry entry) {
    try {
      JsonNode outcome = mapper.readTree(entry.text());
      String status = outcome.path("status").asText("");
      if (!status.isEmpty() && ShownOutcome.isFinal(outcome)) {
        steps
            .computeIfAbsent(step(entry.timestamp()), s -> new TreeMap<>())
            .merge(TerminalText.printable(status), 1, Integer::sum);
      }
    } catch (JsonProcessingException e) {
      // No outcome.
    }
  }

  private static long step(Instant at) {
    return at.getEpochSecond() / STEP_SECONDS;
  }

  /** How many there are of each status. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    steps
        .values()
        .forEach(step -> step.forEach((status, n) -> counts.merge(status, n, Integer::sum)));
    return counts;
  }

  /** How many came a second, over the last minute. */
  double perSecond() {
    return steps.tailMap(step(clock.instant().minus(RATE_OVER)), false).values().stream()
            .flatMap(step -> step.values().stream())
            .mapToInt(Integer::intValue)
            .sum()
        / (double) RATE_OVER.toSeconds();
  }
}
