package io.offboarder.cli;

import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.OldestFirst;
import io.offboarder.service.DeadLetterHeaders;
import io.offboarder.text.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Shows the input that was rejected or has finally failed. */
@Command(
    name = "dead-letters",
    description = "Show the events that are kept because they were rejected or have failed.",
    footer = {
      "",
      "Examples:",
      "  offboarder dead-letters list --since 1w",
      "  offboarder dead-letters show 0:17 --save event.json"
    })
final class DeadLettersCommand implements Runnable {
  private static final Duration POLL = Duration.ofMillis(500);

  private final Terminal terminal;
  private final Clock clock;
  private final ConfigOption config;

  @Spec private CommandSpec spec = CommandSpec.create();

  DeadLettersCommand(Terminal terminal, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  /** Where they are. */
  static final class Place {
    @Mixin private SettingsFile settings = new SettingsFile();

    @Option(
        names = "--topic",
        paramLabel = "TOPIC",
        description = "Read there (default: the configured dead-letter topic)")
    private @Nullable String topic;
  }

  /** A record's place in its topic. */
  record Position(int partition, long offset) {
    private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(\\d{1,18})");

    /** Reads {@code PARTITION:OFFSET}. */
    static final class Converter implements ITypeConverter<Position> {
      @Override
      public Position convert(String value) {
        Matcher matcher = FORM.matcher(value.strip());
        if (!matcher.matches()) {
          throw new TypeConversionException(
              "'" + value + "' is no position, such as 0:17 (partition and offset)");
        }
        return new Position(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
      }
    }

    @Override
    public String toString() {
      return partition + ":" + offset;
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what to do is missing: list or show");
  }

  @Command(name = "list", description = "Which, why and since when, oldest first.")
  Integer list(
      @Mixin Place place,
      @Mixin FormOption form,
      @Option(
              names = "--since",
              paramLabel = "TIME",
              converter = PointInTime.Converter.class,
              description = "From then on: so long ago (1h, 1w), a day (UTC) or a time in ISO 8601")
          @Nullable PointInTime since) {
    Start start = since == null ? new Start.Beginning() : new Start.Since(since.start(clock));
    DeadLetterTable table = new DeadLetterTable(terminal.columns());
    PrintWriter out = terminal.out();
    int[] shown = {0};
    String topic =
        read(
            place,
            start,
            letter -> {
              if (form.isJson()) {
                shown[0]++;
                out.println(Printable.json(DeadLetterJson.summary(letter).toString()));
                return !out.checkError();
              }
              if (shown[0]++ == 0) {
                out.println(table.header());
              }
              out.println(table.row(letter));
              return !out.checkError();
            });
    if (shown[0] == 0) {
      terminal.report(
          "the topic " + topic + " holds no dead letters" + (since == null ? "" : " since then"));
    }
    return ExitCode.OK.code();
  }

  @Command(
      name = "show",
      description = "One of them: what was wrong, and key, headers and value as they came.")
  Integer show(
      @Mixin Place place,
      @Mixin FormOption form,
      @Parameters(
              paramLabel = "PARTITION:OFFSET",
              converter = Position.Converter.class,
              description = "Which, as \"list\" names it")
          Position position,
      @Option(
              names = "--save",
              paramLabel = "FILE",
              description = "Write the value's bytes to this file, which must not exist")
          @Nullable Path save) {
    Entry[] found = {null};
    String topic =
        read(
            place,
            new Start.Offsets(Map.of(position.partition(), position.offset())),
            letter -> {
              if (letter.partition() == position.partition()) {
                found[0] = letter.offset() == position.offset() ? letter : null;
                return false;
              }
              return true;
            });
    Entry letter = found[0];
    if (letter == null) {
      throw new CommandFailure(
          ExitCode.FAILED, List.of("the topic " + topic + " holds no record at " + position));
    }
    if (form.isJson()) {
      terminal.out().println(Printable.json(DeadLetterJson.whole(letter).toString()));
    } else {
      describe(letter);
    }
    if (save != null) {
      save(letter, save);
    }
    return ExitCode.OK.code();
  }

  /** Reads until a record says that it was enough; returns the topic's name. */
  private String read(Place place, Start start, Predicate<Entry> more) {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, place.settings.path());
    String topic = place.topic == null ? kafka.deadLetterTopic() : place.topic;
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(SettingsMapper.kafka(kafka), topic, start)) {
      OldestFirst records = new OldestFirst(reader);
      do {
        for (Entry letter : records.poll(POLL)) {
          if (!more.test(letter)) {
            return topic;
          }
        }
      } while (!records.isPastTheEnd());
    }
    return topic;
  }

  private void describe(Entry letter) {
    line("kept since", letter.timestamp().toString());
    Map<String, String> said = DeadLetterHeaders.read(letter.headers());
    said.forEach((name, value) -> line(name, name.equals("timestamp") ? time(value) : value));
    for (Header header : DeadLetterHeaders.original(letter.headers())) {
      line("header " + header.key(), new Bytes(header.value()).toString());
    }
    line("key", new Bytes(letter.key()).toString());
    byte[] value = letter.value();
    line("value", value == null ? "none" : value.length + " bytes");
    if (value != null) {
      new Bytes(value).lines().forEach(terminal.out()::println);
    }
  }

  private static String time(String millis) {
    try {
      return Instant.ofEpochMilli(Long.parseLong(millis)).toString();
    } catch (NumberFormatException e) {
      return millis;
    }
  }

  private void line(String name, String words) {
    terminal.out().println(TerminalText.left(name, 12) + "  " + TerminalText.printable(words));
  }

  private static void save(Entry letter, Path file) {
    byte[] value = letter.value();
    if (value == null) {
      throw new CommandFailure(
          ExitCode.FAILED, List.of("this record has no value; nothing was written to " + file));
    }
    try {
      Files.write(file, value, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "the file " + file + " exists; expected a new one", e);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "the file " + file + " cannot be written by this process", e);
    }
  }
}
