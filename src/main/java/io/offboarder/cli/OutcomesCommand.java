package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.config.KafkaConfig;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows outcomes as they land. */
@Command(
    name = "outcomes",
    description = "Follow the outcome topic: a row for every outcome, until it is stopped.")
final class OutcomesCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final StopSignal stop;
  private final Clock clock;
  private @Nullable LocalDate day;

  @Mixin private final ConfigOption config;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, or json: one outcome on each line (default: ${DEFAULT-VALUE})")
  private Form form = Form.TABLE;

  @ArgGroup private @Nullable From from;

  @Option(
      names = "--max",
      paramLabel = "N",
      converter = CountConverter.class,
      description = "End after this many")
  private int max = Integer.MAX_VALUE;

  @Option(names = "--no-follow", description = "End after what is there already")
  private boolean noFollow;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Read there (default: the configured outcome topic)")
  private @Nullable String topic;

  /** How outcomes are shown. */
  enum Form {
    TABLE,
    JSON
  }

  /** Where to begin; at most one of these. */
  static final class From {
    @Option(names = "--from-beginning", description = "Begin with the oldest (default: the next)")
    private boolean beginning;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        converter = SandboxCommand.TimeConverter.class,
        description = "Begin that long ago, such as 1h")
    private @Nullable Duration since;
  }

  OutcomesCommand(Terminal terminal, StopSignal stop, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.stop = stop;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() {
    KafkaConfig kafka = ConfigOption.orFail(config.readKafka());
    String from = topic == null ? kafka.outcomeTopic() : topic;
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(SettingsMapper.kafka(kafka), from, start())) {
      var stopped = stop.listen(STOP_WITHIN).thenRun(reader::stop);
      follow(reader);
      stopped.cancel(false);
    }
    return ExitCode.OK.code();
  }

  private Start start() {
    if (from != null && from.since != null) {
      return new Start.Since(clock.instant().minus(from.since));
    }
    // What is there already is all there is to see when nothing is followed.
    return noFollow || (from != null && from.beginning)
        ? new Start.Beginning()
        : new Start.Latest();
  }

  private void follow(CommittedRecordReader reader) {
    OutcomeTable table = new OutcomeTable(terminal.columns(), terminal.colours());
    JsonMapper mapper = new JsonMapper();
    PrintWriter out = terminal.out();
    if (form == Form.TABLE) {
      day = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
      out.println(table.header());
    }
    int shown = 0;
    // A closed pipe, as behind "| head", ends it too.
    while (shown < max && !reader.isStopped() && !out.checkError()) {
      for (Entry entry : reader.poll(POLL)) {
        if (shown < max && show(entry, table, mapper)) {
          shown++;
        }
      }
      if (noFollow && reader.isPastTheEnd()) {
        return;
      }
    }
  }

  private boolean show(Entry entry, OutcomeTable table, JsonMapper mapper) {
    JsonNode outcome;
    try {
      outcome = mapper.readTree(entry.text());
    } catch (JsonProcessingException e) {
      outcome = mapper.missingNode();
    }
    if (outcome == null || !outcome.path("status").isTextual()) {
      terminal.report(
          "partition "
              + entry.partition()
              + ", offset "
              + entry.offset()
              + " holds no outcome; it is skipped");
      return false;
    }
    if (form == Form.JSON) {
      terminal.out().println(outcome);
    } else {
      showDay(OutcomeTable.day(outcome));
      terminal.out().println(table.row(outcome));
    }
    return true;
  }

  /** Rows have times; a line says so when they are not of the day of those before, or of today. */
  private void showDay(@Nullable LocalDate next) {
    if (next != null && !next.equals(day)) {
      terminal.out().println("-- " + next + " UTC");
      day = next;
    }
  }
}
