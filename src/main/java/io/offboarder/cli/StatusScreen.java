package io.offboarder.cli;

import io.offboarder.kafka.ConsumerGroup.Backlog;
import io.offboarder.kafka.ConsumerGroup.Member;
import io.offboarder.kafka.ConsumerGroup.Members;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in a few lines how the service stands, for people. */
final class StatusScreen {
  /** An answer that takes longer is worth a word. */
  private static final double SLOW_SECONDS = 3;

  private final Terminal terminal;
  private final InstanceMetrics metrics;
  private final Instant now;

  /**
   * A screen of this moment.
   *
   * @param metrics of the instances that could be reached
   */
  StatusScreen(Terminal terminal, InstanceMetrics metrics, Instant now) {
    this.terminal = terminal;
    this.metrics = metrics;
    this.now = now;
  }

  /** The group, and a line for each of its members. */
  void group(String id, Members members) {
    terminal
        .out()
        .println(
            "group "
                + id
                + " at "
                + now.truncatedTo(ChronoUnit.SECONDS)
                + ": "
                + members.state()
                + ", "
                + Figures.counted(members.members().size(), "instance"));
    members.members().forEach(member -> terminal.out().println("  " + line(member)));
  }

  /**
   * Who has paused the group.
   *
   * @param words empty where nobody has
   */
  void paused(String words) {
    if (!words.isEmpty()) {
      line("paused", words);
    }
  }

  /**
   * What lies beyond the committed offsets.
   *
   * @param oldest when Kafka took in the oldest of it; null if that is not known
   * @param perSecond how many outcomes came lately
   */
  void backlog(List<Backlog> backlog, @Nullable Instant oldest, double perSecond) {
    line("backlog", words(backlog, oldest, perSecond));
  }

  /** The cases that wait. */
  void waiting(CountedCases cases) {
    line("waiting", cases.words());
  }

  /** How the API is, as the instances see it. */
  void api(int instances) {
    line("api", api(metrics, now, instances));
  }

  /** How many outcomes there were, by status. */
  void lastHour(Map<String, Integer> counts) {
    line("last hour", words(counts));
  }

  private void line(String name, String words) {
    String line = TerminalText.left(name, 11) + TerminalText.printable(words);
    int columns = terminal.columns();
    terminal
        .out()
        .println(columns == OutcomeTable.UNLIMITED ? line : TerminalText.fitted(line, columns));
  }

  private static String line(Member member) {
    String partitions =
        member.partitions().entrySet().stream()
            .map(one -> one.getKey() + " " + ranges(one.getValue()))
            .collect(Collectors.joining(", "));
    return TerminalText.printable(
        TerminalText.left(member.name(), 20)
            + "  "
            + TerminalText.left(member.host(), 15)
            + "  "
            + (partitions.isEmpty() ? "no partitions" : partitions));
  }

  /** {@code 0-3,7}. */
  static String ranges(List<Integer> sorted) {
    StringBuilder ranges = new StringBuilder();
    for (int i = 0; i < sorted.size(); i++) {
      int from = sorted.get(i);
      while (i + 1 < sorted.size() && sorted.get(i + 1) == sorted.get(i) + 1) {
        i++;
      }
      ranges.append(ranges.isEmpty() ? "" : ",").append(from);
      if (sorted.get(i) > from) {
        ranges.append('-').append(sorted.get(i));
      }
    }
    return ranges.toString();
  }

  private String words(List<Backlog> backlog, @Nullable Instant oldest, double rate) {
    long records = backlog.stream().mapToLong(Backlog::records).sum();
    if (records == 0) {
      return "nothing waits";
    }
    return Figures.counted(records, "event")
        + " beyond the committed offsets"
        + (metrics.sum("offboarder_records_in_flight").isPresent()
            ? ", "
                + Figures.count((long) metrics.sum("offboarder_records_in_flight").getAsDouble())
                + " in work"
            : "")
        + (oldest == null
            ? ""
            : "; the oldest came " + Figures.time(Duration.between(oldest, now)) + " ago")
        + (rate == 0
            ? "; no outcome in the last minute"
            : "; "
                + Figures.rate(rate)
                + " outcomes a second"
                + left(records / rate, obstacles(metrics, now)));
  }

  /** Nothing is done at that rate while something keeps the instances from asking the API. */
  static String left(double seconds, List<String> troubles) {
    return troubles.isEmpty()
        ? ", about " + Figures.time(Duration.ofMillis((long) (seconds * 1000))) + " left"
        : "";
  }

  /** What keeps requests from being answered; empty where nothing does. */
  static List<String> obstacles(InstanceMetrics metrics, Instant now) {
    double silence = metrics.max("offboarder_api_silence_seconds").orElse(0);
    if (!metrics.troubles().isEmpty() || silence < SLOW_SECONDS) {
      return metrics.troubles();
    }
    Duration lasts = Duration.ofSeconds((long) silence);
    Instant since = now.minus(lasts).truncatedTo(ChronoUnit.SECONDS);
    return List.of("not answering since " + since + " (" + Figures.time(lasts) + ")");
  }

  static String api(InstanceMetrics metrics, Instant now, int instances) {
    if (metrics.pages().isEmpty()) {
      return "unknown: the /metrics of no instance can be reached from here";
    }
    OptionalDouble pace = metrics.sum("offboarder_api_pace");
    List<String> obstacles = obstacles(metrics, now);
    String state = obstacles.isEmpty() ? "open" : String.join(" and ", obstacles);
    double oldest = metrics.max("offboarder_api_oldest_request_seconds").orElse(0);
    return state
        + (pace.isPresent() && !Double.isInfinite(pace.getAsDouble())
            ? ", " + Figures.rate(pace.getAsDouble()) + " requests a second allowed"
            : ", no bound to the pace")
        + sum(metrics, "offboarder_api_requests_in_flight", " in flight")
        + (oldest < SLOW_SECONDS
            ? ""
            : " (the oldest for " + Figures.time(Duration.ofSeconds((long) oldest)) + ")")
        + sum(metrics, "offboarder_api_requests_waiting", " waiting")
        + " (of "
        + metrics.pages().size()
        + " of "
        + Figures.counted(instances, "instance")
        + ")";
  }

  private static String sum(InstanceMetrics metrics, String metric, String words) {
    OptionalDouble sum = metrics.sum(metric);
    return sum.isPresent() ? ", " + Figures.count((long) sum.getAsDouble()) + words : "";
  }

  private static String words(Map<String, Integer> counts) {
    int all = counts.values().stream().mapToInt(Integer::intValue).sum();
    return Figures.counted(all, "outcome")
        + (all == 0
            ? ""
            : ": "
                + counts.entrySet().stream()
                    .map(one -> Figures.count(one.getValue()) + " " + one.getKey())
                    .collect(Collectors.joining(", ")));
  }
}
