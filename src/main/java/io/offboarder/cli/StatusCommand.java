package io.offboarder.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.commands.CommandHistory;
import io.offboarder.commands.Pause;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.HttpConfig;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.ConsumerGroup;
import io.offboarder.kafka.ConsumerGroup.Backlog;
import io.offboarder.kafka.ConsumerGroup.Member;
import io.offboarder.kafka.ConsumerGroup.Members;
import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.KafkaSettings;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows on one screen how the service stands. */
@Command(
    name = "status",
    description = {
      "Show how the service stands: its instances, what waits, the API and the last hour.",
      "Kafka says most of it, the backlog beyond the committed offsets among it; what is in work and"
          + " how the API is come from the instances whose /metrics can be reached at http.port of"
          + " the settings, with their token and certificate. Exit code 1 where no instance runs."
    })
final class StatusCommand implements Callable<Integer> {
  private static final Duration BETWEEN = Duration.ofSeconds(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
  private static final Duration OLDEST_WITHIN = Duration.ofSeconds(2);

  /** An answer that takes longer is worth a word. */
  private static final double SLOW_SECONDS = 3;

  private final Terminal terminal;
  private final StopSignal stop;
  private final Clock clock;

  @Mixin private final ConfigOption config;

  @Option(
      names = {"-w", "--watch"},
      description = "Show it again every two seconds, until it is stopped")
  private boolean watch;

  @Mixin private final FormOption form = new FormOption();

  StatusCommand(Terminal terminal, StopSignal stop, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.stop = stop;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() throws InterruptedException {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA);
    KafkaSettings settings = SettingsMapper.kafka(kafka);
    Start start = new Start.Since(clock.instant().minus(RecentOutcomes.WINDOW));
    boolean running;
    try (ConsumerGroup group = ConsumerGroup.open(settings, kafka.groupId());
        CommittedRecordReader reader =
            CommittedRecordReader.open(settings, kafka.outcomeTopic(), start)) {
      CompletableFuture<Void> stopped =
          watch ? stop.listen(STOP_WITHIN) : new CompletableFuture<>();
      RecentOutcomes outcomes = new RecentOutcomes(reader, clock);
      do {
        outcomes.update();
        running = show(kafka, settings, group, outcomes);
      } while (watch && !isDoneWithin(stopped, BETWEEN) && !terminal.out().checkError());
    }
    return (running ? ExitCode.OK : ExitCode.FAILED).code();
  }

  private static boolean isDoneWithin(CompletableFuture<Void> stopped, Duration time)
      throws InterruptedException {
    try {
      stopped.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }

  /** Shows one screen; whether any instance runs. */
  private boolean show(
      KafkaConfig kafka, KafkaSettings settings, ConsumerGroup group, RecentOutcomes outcomes)
      throws InterruptedException {
    Members members = group.members();
    List<Backlog> backlog = group.backlog(kafka.inputTopics());
    InstanceMetrics metrics = metrics(kafka.groupId(), members.members());
    PrintWriter out = terminal.out();
    if (form.isJson()) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      ObjectNode json = StatusJson.of(kafka.groupId(), now, members, backlog, metrics, outcomes);
      StatusJson.putCases(json, CountedCases.of(kafka, metrics));
      try {
        StatusJson.put(json, CommandHistory.read(settings, kafka.commandTopic()).pause());
      } catch (KafkaFailure e) {
        json.putObject("pause").put("unknown", e.getMessage());
      }
      out.println(json);
      out.flush();
      return !members.members().isEmpty();
    }
    if (watch && terminal.interactive()) {
      out.print("\u001b[H\u001b[2J");
    }
    out.println(
        "group "
            + kafka.groupId()
            + " at "
            + clock.instant().truncatedTo(ChronoUnit.SECONDS)
            + ": "
            + members.state()
            + ", "
            + Figures.counted(members.members().size(), "instance"));
    members.members().forEach(member -> out.println("  " + line(member)));
    String paused = paused(kafka, settings);
    if (!paused.isEmpty()) {
      line("paused", paused);
    }
    line("backlog", backlog(settings, backlog, metrics, outcomes));
    line("waiting", CountedCases.of(kafka, metrics).words());
    line("api", api(metrics, clock.instant(), members.members().size()));
    line("last hour", lastHour(outcomes.counts()));
    out.flush();
    return !members.members().isEmpty();
  }

  /** Where this command's own settings say, and at the same port wherever a member is. */
  private InstanceMetrics metrics(String group, List<Member> members) throws InterruptedException {
    if (config.read(Section.HTTP) instanceof ConfigResult.Valid<HttpConfig> http
        && http.config().port() != 0) {
      return InstanceMetrics.of(http.config(), members.stream().map(Member::host).toList(), group);
    }
    return new InstanceMetrics(List.of());
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

  /** Who has paused the group, and why; empty where nobody has. */
  private static String paused(KafkaConfig kafka, KafkaSettings settings) {
    try {
      Pause pause = CommandHistory.read(settings, kafka.commandTopic()).pause();
      return pause == null
          ? ""
          : "by " + pause.by() + " since " + pause.since() + ": " + pause.reason();
    } catch (KafkaFailure e) {
      return "unknown: " + e.getMessage();
    }
  }

  private String backlog(
      KafkaSettings settings,
      List<Backlog> backlog,
      InstanceMetrics metrics,
      RecentOutcomes outcomes) {
    long records = backlog.stream().mapToLong(Backlog::records).sum();
    if (records == 0) {
      return "nothing waits";
    }
    Instant oldest = oldest(settings, backlog);
    double rate = outcomes.perSecond();
    return Figures.counted(records, "event")
        + " beyond the committed offsets"
        + (metrics.sum("offboarder_records_in_flight").isPresent()
            ? ", "
                + Figures.count((long) metrics.sum("offboarder_records_in_flight").getAsDouble())
                + " in work"
            : "")
        + (oldest == null
            ? ""
            : "; the oldest came "
                + Figures.time(Duration.between(oldest, clock.instant()))
                + " ago")
        + (rate == 0
            ? "; no outcome in the last minute"
            : "; "
                + Figures.rate(rate)
                + " outcomes a second"
                + left(records / rate, obstacles(metrics, clock.instant())));
  }

  /** Nothing is done at that rate while something keeps the instances from asking the API. */
  static String left(double seconds, List<String> troubles) {
    return troubles.isEmpty()
        ? ", about " + Figures.time(Duration.ofMillis((long) (seconds * 1000))) + " left"
        : "";
  }

  /** When Kafka took in the oldest unfinished event; null if it does not show in time. */
  private static @Nullable Instant oldest(KafkaSettings settings, List<Backlog> backlog) {
    Map<String, List<Backlog>> topics =
        backlog.stream().collect(Collectors.groupingBy(Backlog::topic));
    Instant oldest = null;
    for (Map.Entry<String, List<Backlog>> topic : topics.entrySet()) {
      Map<Integer, Long> offsets = new HashMap<>();
      topic.getValue().forEach(one -> offsets.put(one.partition(), one.committed()));
      Set<Integer> open = new HashSet<>(offsets.keySet());
      long deadline = System.nanoTime() + OLDEST_WITHIN.toNanos();
      try (CommittedRecordReader reader =
          CommittedRecordReader.open(settings, topic.getKey(), new Start.Offsets(offsets))) {
        while (!open.isEmpty() && System.nanoTime() < deadline && !reader.isPastTheEnd()) {
          for (Entry entry : reader.poll(Duration.ofMillis(200))) {
            boolean first = open.remove(entry.partition());
            if (first && (oldest == null || entry.timestamp().isBefore(oldest))) {
              oldest = entry.timestamp();
            }
          }
        }
      }
    }
    return oldest;
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

  private static String lastHour(Map<String, Integer> counts) {
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
