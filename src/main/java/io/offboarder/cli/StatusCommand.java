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
    StatusScreen screen = new StatusScreen(terminal, metrics, clock.instant());
    screen.group(kafka.groupId(), members);
    screen.paused(paused(kafka, settings));
    screen.backlog(backlog, oldest(settings, backlog), outcomes.perSecond());
    screen.waiting(CountedCases.of(kafka, metrics));
    screen.api(members.members().size());
    screen.lastHour(outcomes.counts());
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

  /** When Kafka took in the oldest unfinished event; null if there is none, or none in time. */
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
}
