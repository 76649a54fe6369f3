package io.offboarder.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.OldestFirst;
import io.offboarder.text.Printable;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows outcomes, those that are there and those that come. */
@Command(
    name = "outcomes",
    description = {
      "Show outcomes, oldest first.",
      "Alone, it shows those that come, until it is stopped. With --person, --event or --until it"
          + " shows those that are there and ends. Ends with exit code 1 where it has shown none."
    },
    footer = {
      "",
      "Examples:",
      "  offboarder outcomes --person ann@example.com",
      "  offboarder outcomes --since 1w --status failed,partially_revoked --no-follow",
      "  offboarder outcomes --since 2026-11-01 --until 2026-11-30 -o csv > november.csv"
    })
final class OutcomesCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private final Terminal terminal;
  private final StopSignal stop;
  private final Clock clock;
  private final JsonMapper mapper = new JsonMapper();
  private int shown;
  private int outcomes;
  private int others;

  @Mixin private final ConfigOption config;
  @Mixin private final OutcomeFilter filter = new OutcomeFilter();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, csv, or json: one outcome on each line (default: ${DEFAULT-VALUE})")
  private Form form = Form.TABLE;

  @Option(names = "--from-beginning", description = "Begin with the oldest")
  private boolean beginning;

  @Option(
      names = "--max",
      paramLabel = "N",
      converter = CountConverter.class,
      description = "End after this many")
  private int max = Integer.MAX_VALUE;

  @Option(
      names = "--follow",
      negatable = true,
      description = "Go on with those that come, or end after those that are there")
  private @Nullable Boolean follow;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Read there (default: the configured outcome topic)")
  private @Nullable String topic;

  /** How outcomes are shown. */
  enum Form {
    TABLE,
    CSV,
    JSON
  }

  OutcomesCommand(Terminal terminal, StopSignal stop, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.stop = stop;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() {
    if (beginning && filter.since(clock) != null) {
      throw new ParameterException(
          spec.commandLine(), "--from-beginning and --since both say where to begin");
    }
    KafkaConfig kafka = config.readOrFail(Section.KAFKA);
    OutcomeFilter.Matcher matcher =
        filter.matcher(clock, () -> SettingsMapper.pseudonyms(config.readOrFail(Section.PRIVACY)));
    String from = topic == null ? kafka.outcomeTopic() : topic;
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(SettingsMapper.kafka(kafka), from, start())) {
      var stopped = stop.listen(STOP_WITHIN).thenRun(reader::stop);
      boolean ended = show(reader, from, matcher);
      stopped.cancel(false);
      if (ended && shown == 0) {
        terminal.report(nothing(from));
        return ExitCode.FAILED.code();
      }
    }
    return ExitCode.OK.code();
  }

  private boolean follows() {
    return follow == null ? !filter.isQuestion() : follow;
  }

  private Start start() {
    Instant since = filter.since(clock);
    if (since != null) {
      return new Start.Since(since);
    }
    return beginning || !follows() ? new Start.Beginning() : new Start.Latest();
  }

  /** Shows outcomes; whether it ended because there are no more of them. */
  private boolean show(CommittedRecordReader reader, String from, OutcomeFilter.Matcher matcher) {
    PrintWriter out = terminal.out();
    Function<JsonNode, String> row = header(out);
    OldestFirst records = new OldestFirst(reader);
    // A closed pipe, as behind "| head", ends it too.
    while (shown < max && !reader.isStopped() && !out.checkError()) {
      for (Entry entry : records.poll(POLL)) {
        ShownOutcome outcome = outcome(entry, from);
        if (shown < max && outcome != null && matcher.matches(outcome, entry.timestamp())) {
          out.println(row.apply(outcome.json()));
          shown++;
        }
      }
      if (records.isPastTheEnd() && (!follows() || (others > 0 && outcomes == 0))) {
        return true;
      }
    }
    return false;
  }

  private Function<JsonNode, String> header(PrintWriter out) {
    if (form == Form.JSON) {
      return outcome -> Printable.json(outcome.toString());
    }
    if (form == Form.CSV) {
      OutcomeCsv csv = new OutcomeCsv();
      out.println(csv.header());
      return csv::row;
    }
    OutcomeTable table = new OutcomeTable(terminal.columns(), terminal.colours());
    out.println(table.header());
    return table::row;
  }

  private @Nullable ShownOutcome outcome(Entry entry, String from) {
    try {
      JsonNode json = mapper.readTree(entry.text());
      if (json != null && json.path("status").isTextual()) {
        outcomes++;
        return new ShownOutcome(json);
      }
    } catch (JsonProcessingException e) {
      // No outcome, as JSON without a status is none.
    }
    others++;
    if (others == 1 && outcomes > 0) {
      terminal.report(
          "the topic %s holds something that is no outcome (the first: partition %d, offset %d)"
              .formatted(from, entry.partition(), entry.offset()));
    }
    return null;
  }

  private String nothing(String from) {
    if (others > 0 && outcomes == 0) {
      return "the topic " + from + " holds no outcomes but something else (" + others + " records)";
    }
    return outcomes == 0
        ? "the topic "
            + from
            + " holds no outcomes"
            + (filter.since(clock) == null ? "" : " since then")
        : "no outcome fits, of " + outcomes + " in the topic " + from;
  }
}
