package io.offboarder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.config.ConfigFault;
import io.offboarder.config.ConfigResult;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.config.Section;
import io.offboarder.config.WebexConfig;
import io.offboarder.kafka.KafkaFailure;
import io.offboarder.kafka.KafkaFailure.Kind;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.kafka.Topics;
import io.offboarder.kafka.Topics.Access;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says whether the service could work, a line for every check. */
@Command(
    name = "check",
    description =
        "Check the settings, Kafka, the topics and the access to the API: a line for each.")
final class CheckCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Clock clock;
  private boolean failed;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = SandboxCommand.TimeConverter.class,
      description = "How long to wait for Kafka and for the API, each (default: ${DEFAULT-VALUE})")
  private Duration timeout = KafkaSettings.USUAL_PATIENCE;

  @Mixin private final ConfigOption config;
  @Mixin private final FormOption form = new FormOption();

  CheckCommand(Terminal terminal, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() {
    ConfigResult<OffboarderConfig> all = config.read(Section.ALL);
    ConfigResult<KafkaConfig> kafka = config.read(Section.KAFKA);
    if (all instanceof ConfigResult.Invalid<OffboarderConfig> invalid) {
      invalid.faults().stream().map(ConfigFault::line).forEach(line -> bad("configuration", line));
    } else {
      good("configuration", "all settings are well-formed");
    }
    if (kafka instanceof ConfigResult.Valid<KafkaConfig> valid) {
      checkKafka(valid.config(), journal(all, valid.config()));
    } else {
      skipped("kafka", "not asked, and no topic looked for: its settings are wrong");
    }
    if (all instanceof ConfigResult.Valid<OffboarderConfig> valid) {
      checkWebex(valid.config().webex());
    } else {
      skipped("webex", "not asked: settings are wrong");
    }
    return (failed ? ExitCode.FAILED : ExitCode.OK).code();
  }

  /** Where a setting is wrong, there will be a journal once it is right. */
  private static Optional<String> journal(ConfigResult<OffboarderConfig> all, KafkaConfig kafka) {
    return all instanceof ConfigResult.Valid<OffboarderConfig> valid
        ? SettingsMapper.journal(valid.config())
        : Optional.of(kafka.journalTopic());
  }

  private void checkJournal(Topics topics, List<String> journal) {
    checkTopics(topics, Access.WRITE, journal);
    topics
        .denied(Access.READ, journal)
        .forEach(name -> bad("topic", name + " does not allow us to read"));
    checkOrder(
        topics, journal, RequiredTopics.LEAST_JOURNAL_RETENTION, RequiredTopics.FORGETFUL_JOURNAL);
  }

  private void checkOrder(
      Topics topics, List<String> names, Duration leastRetention, String forgetful) {
    names.stream()
        .flatMap(name -> RequiredTopics.wrongWithOrder(topics, name).stream())
        .forEach(words -> bad("topic", words.substring("topic ".length())));
    topics
        .keptForLessThan(leastRetention, names)
        .forEach(name -> doubtful("topic", name + " " + forgetful));
  }

  private void checkKafka(KafkaConfig kafka, Optional<String> journal) {
    try (Topics topics = Topics.open(SettingsMapper.kafka(kafka).withPatience(timeout))) {
      int brokers = topics.brokers();
      good(
          "kafka",
          kafka.bootstrapServers()
              + " answers; "
              + Figures.counted(brokers, "broker")
              + " in the cluster");
      checkTopics(topics, Access.READ, kafka.inputTopics());
      List<String> outputs = List.of(kafka.outcomeTopic(), kafka.deadLetterTopic());
      checkTopics(topics, Access.WRITE, outputs);
      checkTopics(topics, Access.WRITE, List.of(kafka.caseTopic()));
      RequiredTopics.wrongWithCases(topics, kafka.caseTopic())
          .forEach(words -> bad("topic", words.substring("topic ".length())));
      List<String> commands = List.of(kafka.commandTopic());
      checkTopics(topics, Access.READ, commands);
      checkOrder(
          topics,
          commands,
          RequiredTopics.LEAST_COMMAND_RETENTION,
          RequiredTopics.FORGETFUL_COMMANDS);
      topics
          .compacted(outputs)
          .forEach(name -> bad("topic", name + " " + RequiredTopics.COMPACTED));
      topics
          .keptForLessThan(RequiredTopics.LEAST_RETENTION, outputs)
          .forEach(name -> doubtful("topic", name + " " + RequiredTopics.SHORT_LIVED));
      journal.map(List::of).ifPresent(name -> checkJournal(topics, name));
      topics
          .decompressingBeyond(RequiredTopics.LARGEST_RECORD, kafka.inputTopics())
          .forEach(name -> doubtful("topic", name + " " + RequiredTopics.UNBOUNDED));
      List<String> internal = new ArrayList<>(List.of(kafka.caseTopic(), kafka.commandTopic()));
      journal.ifPresent(internal::add);
      topics
          .decompressingBeyond(RequiredTopics.LARGEST_RECORD, internal)
          .forEach(name -> doubtful("topic", name + " " + RequiredTopics.UNBOUNDED_INTERNAL));
    } catch (KafkaFailure e) {
      bad("kafka", e.getMessage() + (e.kind() == Kind.UNREACHABLE ? refusals(kafka) : ""));
    }
  }

  /** Which of the servers refuse a connection, as far as that can be seen at once. */
  private static String refusals(KafkaConfig kafka) {
    List<String> refusing =
        Stream.of(kafka.bootstrapServers().split(","))
            .map(String::strip)
            .filter(server -> ServerPort.of(server).refuses())
            .toList();
    return refusing.isEmpty()
        ? ""
        : "; the connection is refused at " + String.join(" and at ", refusing);
  }

  private void checkTopics(Topics topics, Access access, List<String> names) {
    SortedMap<String, Integer> found = topics.partitions(names);
    Set<String> denied = topics.denied(access, names);
    for (String name : names) {
      Integer partitions = found.get(name);
      if (partitions == null) {
        bad("topic", name + " does not exist; \"offboarder run --create-topics\" creates it");
      } else if (denied.contains(name)) {
        bad("topic", name + " does not allow us to " + access.name().toLowerCase(Locale.ROOT));
      } else {
        good("topic", name + " has " + Figures.counted(partitions, "partition"));
      }
    }
  }

  private void checkWebex(WebexConfig webex) {
    Vertx vertx = Vertx.vertx();
    try {
      TokenCheck.CheckResult verdict = new TokenCheck(vertx, clock, timeout).of(webex);
      if (verdict.good()) {
        good("webex", verdict.words());
      } else {
        bad("webex", verdict.words());
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private void good(String what, String words) {
    line("ok", "32", what, words);
  }

  private void doubtful(String what, String words) {
    line("warn", "33", what, words);
  }

  private void bad(String what, String words) {
    failed = true;
    line("FAIL", "31", what, words);
  }

  private void skipped(String what, String words) {
    line("skip", "33", what, words);
  }

  private void line(String verdict, String colour, String what, String words) {
    if (form.isJson()) {
      terminal
          .out()
          .println(
              new JsonMapper()
                  .createObjectNode()
                  .put("result", verdict.toLowerCase(Locale.ROOT))
                  .put("check", what)
                  .put("words", words));
      return;
    }
    String shown = terminal.colours() ? "\u001b[" + colour + "m" + verdict + "\u001b[0m" : verdict;
    String gap = " ".repeat(6 - verdict.length());
    terminal.out().println(shown + gap + "%-15s".formatted(what) + TerminalText.printable(words));
  }
}
