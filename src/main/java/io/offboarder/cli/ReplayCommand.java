package io.offboarder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.cli.ReplaySource.Replayed;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.kafka.EventPublisher;
import io.offboarder.revocation.Outcome.Status;
import io.offboarder.text.Printable;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Publishes again what has ended, to the input topic that it came from. */
@Command(
    name = "replay",
    description = {
      "Publish dead letters, or events that ended so, or a stretch of an input topic, once more.",
      "Key, value and headers are as they came; the header __offboarder.first-case names the case"
          + " that they had first. What is older than policy.max-event-age will be held. Without"
          + " --yes it only says what it would publish."
    },
    footer = {
      "",
      "Examples:",
      "  offboarder replay --dead-letters --since 1d",
      "  offboarder replay --status failed,partially_revoked --since 1w --yes",
      "  offboarder replay --topic hr.user-terminated --since 2026-11-23 --until 2026-11-23 --yes"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int SAMPLE = 10;
  private static final int CHUNK = 100;

  private final Terminal terminal;
  private final Clock clock;

  @Mixin private final ConfigOption config;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--dead-letters", description = "What lies on the dead-letter topic")
  private boolean deadLetters;

  @Option(
      names = "--status",
      paramLabel = "STATUS",
      split = ",",
      description = "Events whose outcome has one of these: ${COMPLETION-CANDIDATES}")
  private List<Status> statuses = List.of();

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "All of this input topic, within --since and --until")
  private @Nullable String topic;

  @Mixin private PeriodOption period = new PeriodOption();

  @Option(
      names = "--max",
      paramLabel = "N",
      defaultValue = "1000",
      converter = CountConverter.class,
      description = "Publish none at all where there are more (default: ${DEFAULT-VALUE})")
  private int max;

  @Option(names = "--yes", description = "Do it")
  private boolean yes;

  @Mixin private FormOption form = new FormOption();

  ReplayCommand(Terminal terminal, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() {
    requireOneChoice();
    KafkaConfig kafka = config.readOrFail(Section.KAFKA);
    List<Replayed> found = find(kafka);
    if (found.size() > max) {
      throw new CommandFailure(
          ExitCode.FAILED,
          List.of(
              "there are more than --max "
                  + Figures.counted(max, "record")
                  + " to publish; nothing was published. Narrow it down, or raise --max"));
    }
    List<Replayed> whole = found.stream().filter(one -> one.missing() == null).toList();
    if (!form.isJson()) {
      show(found, whole);
    }
    int published = yes ? publish(kafka, whole) : 0;
    if (form.isJson()) {
      terminal.out().println(json(found, whole, published));
    } else {
      terminal
          .out()
          .println(
              yes
                  ? "published " + Figures.counted(published, "record")
                  : "nothing was published; --yes publishes "
                      + Figures.counted(whole.size(), "record"));
    }
    return (whole.size() < found.size() ? ExitCode.FAILED : ExitCode.OK).code();
  }

  private void requireOneChoice() {
    long choices =
        Stream.of(deadLetters, !statuses.isEmpty(), topic != null).filter(given -> given).count();
    if (choices != 1) {
      throw new ParameterException(
          spec.commandLine(),
          (choices == 0
                  ? "what to publish again is missing; expected "
                  : "what to publish again is said more than once; expected one of ")
              + "--dead-letters, --status or --topic");
    }
  }

  private List<Replayed> find(KafkaConfig kafka) {
    ReplaySource source =
        new ReplaySource(
            SettingsMapper.kafka(kafka),
            kafka.inputTopics(),
            period.since(clock),
            period.until(clock),
            max);
    if (topic != null && !kafka.inputTopics().contains(topic)) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of(
              "--topic is \""
                  + TerminalText.printable(topic)
                  + "\"; expected an input topic of the settings: "
                  + String.join(", ", kafka.inputTopics())));
    }
    if (topic != null) {
      return source.topic(topic);
    }
    return deadLetters
        ? source.deadLetters(kafka.deadLetterTopic())
        : source.outcomes(kafka.outcomeTopic(), Set.copyOf(statuses));
  }

  private void show(List<Replayed> found, List<Replayed> whole) {
    for (Replayed one : found.subList(0, Math.min(SAMPLE, found.size()))) {
      terminal
          .out()
          .println(
              TerminalText.printable(
                  one.origin()
                      + "  "
                      + one.timestamp()
                      + "  "
                      + one.why()
                      + (one.missing() == null ? "" : "; NOT published: " + one.missing())));
    }
    if (found.size() > SAMPLE) {
      terminal.out().println("… and " + Figures.count(found.size() - SAMPLE) + " more");
    }
    if (whole.size() < found.size()) {
      terminal.report(
          Figures.counted(found.size() - whole.size(), "record")
              + " cannot be published: Kafka no longer has what they held");
    }
  }

  private int publish(KafkaConfig kafka, List<Replayed> whole) {
    int published = 0;
    Set<String> topics = whole.stream().map(Replayed::topic).collect(Collectors.toSet());
    try (EventPublisher publisher = EventPublisher.open(SettingsMapper.kafka(kafka), topics)) {
      while (published < whole.size()) {
        int to = Math.min(whole.size(), published + CHUNK);
        publisher.publishRecords(
            whole.subList(published, to).stream().map(Replayed::record).toList());
        published = to;
        if (terminal.interactive()) {
          terminal.err().print("\r" + Figures.bar(published, whole.size()));
          terminal.err().flush();
        }
      }
    } finally {
      if (terminal.interactive()) {
        terminal.err().print("\r\u001b[K");
        terminal.err().flush();
      }
    }
    return published;
  }

  private static String json(List<Replayed> found, List<Replayed> whole, int published) {
    ObjectNode json = new JsonMapper().createObjectNode();
    json.put("found", found.size());
    json.put("complete", whole.size());
    json.put("published", published);
    for (Replayed one : found) {
      ObjectNode shown = json.withArray("/records").addObject();
      shown.put("topic", one.topic());
      shown.put("origin", one.origin());
      shown.put("timestamp", one.timestamp().toString());
      shown.put("firstCase", one.firstCase());
      shown.put("why", one.why());
      if (one.missing() != null) {
        shown.put("missing", one.missing());
      }
    }
    return Printable.json(json.toString());
  }
}
