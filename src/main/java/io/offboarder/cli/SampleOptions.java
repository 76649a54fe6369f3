package io.offboarder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.offboarder.config.Section;
import io.offboarder.intake.InputRecord;
import io.offboarder.intake.Sample;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.KafkaSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which records are tried: from files, from standard input, or from a topic. */
final class SampleOptions {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String NO_TOPIC = "samples";

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "The samples' topic; without it the rules' topics are not looked at")
  private @Nullable String topic;

  @Option(names = "--key", paramLabel = "KEY", description = "The samples' key")
  private @Nullable String key;

  @Option(
      names = "--header",
      paramLabel = "NAME=TEXT",
      description = "A header of the samples; may be given several times")
  private Map<String, String> headers = Map.of();

  @Option(names = "--lines", description = "Each line of a file or of standard input is a record")
  private boolean lines;

  @Option(
      names = "--from-topic",
      paramLabel = "TOPIC",
      description = "Try the records that lie there; nothing is committed")
  private @Nullable String fromTopic;

  @Option(
      names = "--last",
      paramLabel = "N",
      converter = CountConverter.class,
      description = "The newest so many of them (default: ${DEFAULT-VALUE})")
  private int last = 100;

  @Parameters(
      paramLabel = "SAMPLE",
      description =
          "A file with one record's value, - for standard input, or a .yaml file with samples and"
              + " what is expected of them, as a preset has them")
  private List<String> samples = List.of();

  /** Whether neither samples nor a topic with some are named. */
  boolean areNone() {
    return samples.isEmpty() && fromTopic == null;
  }

  /** The topic that they are from or are taken for; null where they are of none. */
  @Nullable String topic() {
    return fromTopic == null ? topic : fromTopic;
  }

  /**
   * Those that are named.
   *
   * @param in standard input
   * @param preset which is tried, if one is
   */
  List<Sample> read(Reader in, @Nullable String preset) {
    List<Sample> read = new ArrayList<>();
    if (areNone()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of("no sample is named; expected files, - for standard input, or --from-topic"));
    }
    String inTopic = topicName(preset);
    for (String name : samples) {
      if (name.equals("-")) {
        String text = new BufferedReader(in).lines().collect(Collectors.joining("\n"));
        add(read, inTopic, "standard input", text.getBytes(UTF_8));
      } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
        try {
          read.addAll(Sample.readAll(new String(bytes(name), UTF_8), inTopic));
        } catch (IllegalArgumentException e) {
          throw new CommandFailure(ExitCode.USAGE, name + ": " + e.getMessage(), e);
        }
      } else {
        add(read, inTopic, name, bytes(name));
      }
    }
    return read;
  }

  private String topicName(@Nullable String preset) {
    return topic != null ? topic : preset != null ? preset : NO_TOPIC;
  }

  private void add(List<Sample> read, String inTopic, String name, byte[] value) {
    byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
    if (!lines) {
      read.add(Sample.of(name, inTopic, keyBytes, value, headers));
      return;
    }
    int number = 0;
    for (String line : new String(value, UTF_8).split("\\R", -1)) {
      number++;
      if (!line.isBlank()) {
        read.add(Sample.of(name + ":" + number, inTopic, keyBytes, line.getBytes(UTF_8), headers));
      }
    }
  }

  private static byte[] bytes(String file) {
    try {
      return Files.readAllBytes(Path.of(file));
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.USAGE, "the file " + file + " does not exist", e);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "the file " + file + " cannot be read by this process", e);
    }
  }

  /** The newest records of the topic whose records are to be tried, oldest first. */
  List<InputRecord> records(ConfigOption config) {
    String name = fromTopic;
    if (name == null) {
      return List.of();
    }
    KafkaSettings kafka = SettingsMapper.kafka(config.readOrFail(Section.KAFKA));
    List<Entry> newest = new ArrayList<>();
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(kafka, name, new Start.Last(last))) {
      do {
        newest.addAll(reader.poll(POLL));
        newest.sort(Comparator.comparing(Entry::timestamp));
        if (newest.size() > last) {
          newest.subList(0, newest.size() - last).clear();
        }
      } while (!reader.isPastTheEnd());
    }
    return newest.stream().map(entry -> record(name, entry)).toList();
  }

  private static InputRecord record(String name, Entry entry) {
    return new InputRecord(
        name,
        entry.partition(),
        entry.offset(),
        entry.timestamp().toEpochMilli(),
        entry.key(),
        entry.value(),
        entry.headers());
  }
}
