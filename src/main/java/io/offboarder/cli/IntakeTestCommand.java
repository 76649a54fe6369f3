package io.offboarder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.PolicyConfig;
import io.offboarder.config.Section;
import io.offboarder.config.SignaturesConfig;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.intake.InputRecord;
import io.offboarder.intake.Intake;
import io.offboarder.intake.IntakeRules;
import io.offboarder.intake.Preset;
import io.offboarder.intake.Sample;
import io.offboarder.kafka.CommittedRecordReader;
import io.offboarder.kafka.CommittedRecordReader.Entry;
import io.offboarder.kafka.CommittedRecordReader.Start;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.policy.ActionPolicy;
import io.offboarder.registry.SchemaRegistry.AsJson;
import io.offboarder.registry.SchemaRegistry.Content;
import io.offboarder.registry.SchemaRegistry.Unreadable;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what rules make of records, without publishing anything or asking the API. */
@Command(
    name = "test",
    description = {
      "Show which rule a record is for, the event that comes out, and what it would mean now.",
      "The exit code is 1 where a record is rejected, or a sample is not as it says."
    })
final class IntakeTestCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String NO_TOPIC = "samples";

  private final Terminal terminal;
  private final Clock clock;

  @Mixin private final ConfigOption config;

  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Use this preset, not the rules of the settings; without samples, try its own")
  private @Nullable String preset;

  @Option(
      names = "--table",
      paramLabel = "NAME=FILE,KEY,VALUE",
      description = "A table of the preset: a CSV file, the column to look in and the one to take")
  private Map<String, String> tables = Map.of();

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "Where the preset's dates are meant, such as Europe/Berlin")
  private @Nullable String zone;

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

  @Option(
      names = "--default-org-id",
      paramLabel = "ID",
      description = "The org of retired apps, as webex.default-org-id")
  private @Nullable String defaultOrgId;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Format output = Format.TEXT;

  @Parameters(
      paramLabel = "SAMPLE",
      description =
          "A file with one record's value, - for standard input, or a .yaml file with samples and"
              + " what is expected of them, as a preset has them")
  private List<String> samples = List.of();

  /** How results are shown. */
  enum Format {
    /** For people. */
    TEXT,
    /** An object on each line. */
    JSON;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  IntakeTestCommand(Terminal terminal, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() {
    PolicyConfig policy = config.readOrFail(Section.POLICY);
    EventDecoder decoder = new EventDecoder(new DecoderSettings(defaultOrgId, policy.zone()));
    IntakeReport report =
        new IntakeReport(
            terminal,
            output == Format.JSON,
            new ActionPolicy(SettingsMapper.policy(policy)),
            clock);
    if (preset != null && samples.isEmpty() && fromTopic == null) {
      tryOwnSamples(IntakeCommand.preset(preset), decoder, policy, report);
      return report.end();
    }
    IntakeRules rules = rules();
    boolean inTopic = topic != null || fromTopic != null;
    Intake intake = new Intake(inTopic ? rules : rules.forEveryTopic(), decoder, policy.zone());
    try (SchemaReading schemas =
        new SchemaReading(
            SettingsMapper.registry(
                config.readOrFail(Section.SCHEMA_REGISTRY), Timeouts.defaults()))) {
      if (fromTopic != null) {
        for (InputRecord record : records(fromTopic)) {
          String name = record.topic() + " " + record.partition() + ":" + record.offset();
          tryOne(name, record, schemas, intake, decoder, report);
        }
      }
      for (Sample sample : samples()) {
        if (sample.expected().isEmpty()) {
          tryOne(sample.name(), sample.record(), schemas, intake, decoder, report);
        } else {
          String prefix = preset == null ? "" : preset + "/";
          report.compared(sample, intake.read(sample.record()), prefix, decoder);
        }
      }
    }
    sayWhatIsNotChecked(rules);
    return report.end();
  }

  private void sayWhatIsNotChecked(IntakeRules rules) {
    String tried = fromTopic == null ? topic : fromTopic;
    if (tried != null && (mustBeSigned(tried) || !rules.needSignatures(tried).isEmpty())) {
      terminal.report(
          "signatures were not checked: of "
              + tried
              + " the service rejects what is unsigned, or signed wrongly");
    }
  }

  /** Keys may be missing where rules are only tried. */
  private boolean mustBeSigned(String tried) {
    return config.read(Section.SIGNATURES) instanceof ConfigResult.Valid<SignaturesConfig> valid
        && valid.config().requiredTopics().contains(tried);
  }

  private static void tryOne(
      String name,
      InputRecord record,
      SchemaReading schemas,
      Intake intake,
      EventDecoder decoder,
      IntakeReport report) {
    Content content = schemas.read(record.value());
    if (content instanceof Unreadable unreadable) {
      report.unreadable(name, unreadable);
    } else {
      InputRecord json = record.with(((AsJson) content).value());
      report.tried(name, json, intake.read(json), decoder);
    }
  }

  private static void tryOwnSamples(
      Preset preset, EventDecoder decoder, PolicyConfig policy, IntakeReport report) {
    for (Sample sample : preset.samples()) {
      try {
        Intake intake = new Intake(preset.rulesFor(sample), decoder, policy.zone());
        report.compared(sample, intake.read(sample.record()), preset.name() + "/", decoder);
      } catch (IntakeRules.InvalidException e) {
        throw new CommandFailure(ExitCode.INTERNAL, e.faults());
      }
    }
  }

  private IntakeRules rules() {
    IntakeRules rules;
    if (preset == null) {
      rules = config.readOrFail(Section.INTAKE);
    } else {
      try {
        rules = IntakeRules.read(presetRule(preset), "intake");
      } catch (IntakeRules.InvalidException e) {
        throw new CommandFailure(ExitCode.USAGE, e.faults());
      }
    }
    if (rules.names().isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of("the settings have no rules (offboarder.intake); expected some, or --preset"));
    }
    return rules;
  }

  /** The preset as settings would name it. */
  private String presetRule(String name) {
    ObjectNode rule = new JsonMapper().createObjectNode().put("preset", name);
    if (zone != null) {
      rule.put("zone", zone);
    }
    ObjectNode section = rule.putObject("tables");
    tables.forEach(
        (table, words) -> {
          String[] parts = words.split(",", -1);
          if (parts.length != 3) {
            throw new CommandFailure(
                ExitCode.USAGE,
                List.of(
                    "--table " + table + "=" + words + " is no table; expected FILE,KEY,VALUE"));
          }
          section
              .putObject(table)
              .put("file", parts[0])
              .put("key", parts[1])
              .put("value", parts[2]);
        });
    return "[" + rule + "]";
  }

  private List<Sample> samples() {
    List<Sample> read = new ArrayList<>();
    if (samples.isEmpty() && fromTopic == null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of("no sample is named; expected files, - for standard input, or --from-topic"));
    }
    for (String name : samples) {
      if (name.equals("-")) {
        String text = new BufferedReader(terminal.in()).lines().collect(Collectors.joining("\n"));
        add(read, "standard input", text.getBytes(UTF_8));
      } else if (name.endsWith(".yaml") || name.endsWith(".yml")) {
        try {
          read.addAll(Sample.readAll(new String(bytes(name), UTF_8), topicName()));
        } catch (IllegalArgumentException e) {
          throw new CommandFailure(ExitCode.USAGE, name + ": " + e.getMessage(), e);
        }
      } else {
        add(read, name, bytes(name));
      }
    }
    return read;
  }

  private String topicName() {
    return topic != null ? topic : preset != null ? preset : NO_TOPIC;
  }

  private void add(List<Sample> read, String name, byte[] value) {
    byte[] keyBytes = key == null ? null : key.getBytes(UTF_8);
    if (!lines) {
      read.add(Sample.of(name, topicName(), keyBytes, value, headers));
      return;
    }
    int number = 0;
    for (String line : new String(value, UTF_8).split("\\R", -1)) {
      number++;
      if (!line.isBlank()) {
        read.add(
            Sample.of(name + ":" + number, topicName(), keyBytes, line.getBytes(UTF_8), headers));
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

  /** The newest records of a topic, oldest first. */
  private List<InputRecord> records(String name) {
    KafkaSettings kafka = SettingsMapper.kafka(config.readOrFail(Section.KAFKA));
    Deque<Entry> newest = new ArrayDeque<>();
    try (CommittedRecordReader reader =
        CommittedRecordReader.open(kafka, name, new Start.Last(last))) {
      List<Entry> all = new ArrayList<>();
      do {
        all.addAll(reader.poll(POLL));
        all.sort(Comparator.comparing(Entry::timestamp));
        if (all.size() > last) {
          all.subList(0, all.size() - last).clear();
        }
      } while (!reader.isPastTheEnd());
      newest.addAll(all);
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
