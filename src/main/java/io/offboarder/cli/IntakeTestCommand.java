package io.offboarder.cli;

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
import io.offboarder.policy.ActionPolicy;
import io.offboarder.registry.SchemaRegistry.AsJson;
import io.offboarder.registry.SchemaRegistry.Content;
import io.offboarder.registry.SchemaRegistry.Unreadable;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what rules make of records, without publishing anything or asking the API. */
@Command(
    name = "test",
    description = {
      "Show which rule a record is for, the event that comes out, and what it would mean now.",
      "The exit code is 1 where a record is rejected, or a sample is not as it says."
    })
final class IntakeTestCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Clock clock;

  @Mixin private final ConfigOption config;

  @Mixin private final SampleOptions samples = new SampleOptions();

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
      names = "--default-org-id",
      paramLabel = "ID",
      description = "The org of retired apps, as webex.default-org-id")
  private @Nullable String defaultOrgId;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Format output = Format.TEXT;

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
    if (preset != null && samples.areNone()) {
      tryOwnSamples(IntakeCommand.preset(preset), decoder, policy, report);
      return report.end();
    }
    IntakeRules rules = rules();
    Intake intake =
        new Intake(samples.topic() == null ? rules.forEveryTopic() : rules, decoder, policy.zone());
    try (SchemaReading schemas =
        new SchemaReading(
            SettingsMapper.registry(
                config.readOrFail(Section.SCHEMA_REGISTRY), Timeouts.defaults()))) {
      for (InputRecord record : samples.records(config)) {
        String name = record.topic() + " " + record.partition() + ":" + record.offset();
        tryOne(name, record, schemas, intake, decoder, report);
      }
      for (Sample sample : samples.read(terminal.in(), preset)) {
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
    String tried = samples.topic();
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
}
