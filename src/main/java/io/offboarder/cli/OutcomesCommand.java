package io.offboarder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offboarder.config.ConfigReader;
import io.offboarder.config.KafkaConfig;
import io.offboarder.kafka.KafkaUnavailableException;
import io.offboarder.kafka.OutcomeReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Follows the outcome topic, as an auditor sees it. */
@Command(
    name = "outcomes",
    mixinStandardHelpOptions = true,
    versionProvider = OffboarderCommand.Version.class,
    description = "Follows the outcome topic (committed outcomes only) until Ctrl-C.")
final class OutcomesCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final Duration STEP = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ConfigReader reader;

  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "table",
      description = "table, or json for one outcome a line (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TABLE;

  @Option(names = "--from-beginning", description = "Begin with the oldest outcome there is.")
  private boolean fromBeginning;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = AgoConverter.class,
      description = "Begin this long ago, as 30m, 12h or 7d.")
  private @Nullable Duration since;

  @Option(names = "--max", paramLabel = "N", description = "End after so many outcomes.")
  private int max = Integer.MAX_VALUE;

  @Option(names = "--no-follow", description = "End when everything there is has been shown.")
  private boolean noFollow;

  @Spec private CommandSpec spec;

  /** How outcomes are shown. */
  enum Format {
    TABLE,
    JSON
  }

  @SuppressWarnings("NullAway.Init")
  OutcomesCommand(ConfigReader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() {
    KafkaConfig kafka = config.kafka(reader);
    OutcomeTable table = new OutcomeTable(Ansi.AUTO);
    try (OutcomeReader outcomes =
        OutcomeReader.of(ConfigOption.clientProperties(kafka), kafka.outcomeTopic(), TIMEOUT)) {
      start(outcomes);
      if (format == Format.TABLE) {
        print(table.header());
      }
      int shown = 0;
      while (shown < max) {
        for (ConsumerRecord<byte[], byte[]> record : outcomes.read(STEP)) {
          if (shown < max) {
            print(show(record, table));
            shown++;
          }
        }
        if (noFollow && outcomes.isAtEnd()) {
          break;
        }
      }
      return ExitCode.OK.code();
    } catch (KafkaUnavailableException e) {
      throw ConfigOption.failure(e);
    }
  }

  private void start(OutcomeReader outcomes) throws KafkaUnavailableException {
    if (since != null) {
      outcomes.from(Instant.now().minus(since));
    } else if (fromBeginning || noFollow) {
      outcomes.fromBeginning();
    } else {
      outcomes.fromEnd();
    }
  }

  private String show(ConsumerRecord<byte[], byte[]> record, OutcomeTable table) {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    try {
      JsonNode outcome = JSON.readTree(value);
      return format == Format.JSON ? JSON.writeValueAsString(outcome) : table.line(outcome);
    } catch (IOException e) {
      return foreign(record);
    }
  }

  private String foreign(ConsumerRecord<byte[], byte[]> record) {
    String where = record.topic() + "-" + record.partition() + "@" + record.offset();
    spec.commandLine().getErr().println("offboarder: " + where + " is no outcome");
    return format == Format.JSON ? "null" : where + " is no outcome";
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  /** Reads 30m, 12h, 7d. */
  static final class AgoConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      try {
        String upper = value.trim().toUpperCase(Locale.ROOT);
        return Duration.parse(upper.endsWith("D") ? "P" + upper : "PT" + upper);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException("was '" + value + "', expected a time as 30m, 12h or 7d");
      }
    }
  }
}
