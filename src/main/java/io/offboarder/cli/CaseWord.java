package io.offboarder.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.cases.CaseState;
import io.offboarder.cases.WaitingCase;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.text.Printable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Says what becomes of cases that are held. First shows which that would be, with a digest; given
 * the digest, says it of exactly those.
 */
abstract sealed class CaseWord implements Callable<Integer> {
  /** So that a command stays well below what a topic takes. */
  private static final int CASES_IN_ONE = 1_000;

  /** How many people one line names at most. */
  private static final int NAMED = 10;

  private final Verb verb;
  private final Terminal terminal;
  private final Clock clock;
  private final ConfigOption config;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private SayOption say = new SayOption();

  @Parameters(arity = "0..*", paramLabel = "CASE", description = "Ids of cases, or how these begin")
  private List<String> ids = List.of();

  @Option(
      names = "--person",
      paramLabel = "WHO",
      description =
          "Those about this person: e-mail address, * for any characters ('*@sales.example.com'), or"
              + " id; may be given more than once")
  private List<String> persons = List.of();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Those about these people, say a department: an address (* for any characters) or an id"
              + " on each line; - reads standard input")
  private @Nullable String file;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = PointInTime.Converter.class,
      description =
          "Those that are held since then or later: so long ago (1h), a day (UTC) or a time in ISO"
              + " 8601")
  private @Nullable PointInTime since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      converter = PointInTime.Converter.class,
      description = "Those that are held since then at the latest, a day included")
  private @Nullable PointInTime until;

  @Option(names = "--all", description = "All that are held")
  private boolean all;

  @Option(
      names = "--fresh",
      description =
          "Ask the API what each person has authorized now, by lists alone, and show how many by"
              + " app; needs the service's credentials")
  private boolean fresh;

  @Option(
      names = "--approve",
      paramLabel = "DIGEST",
      description = "Do it, of exactly the cases that were shown with this digest")
  private @Nullable String approved;

  private CaseWord(Verb verb, Terminal terminal, Clock clock, ConfigOption config) {
    this.verb = verb;
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  /** They are done. */
  @Command(
      name = "release",
      description =
          "Have cases done that are held. Without --approve it shows which these would be, and"
              + " says nothing to anybody.")
  static final class Release extends CaseWord {
    Release(Terminal terminal, Clock clock, ConfigOption config) {
      super(Verb.RELEASE, terminal, clock, config);
    }
  }

  /** They are not done. */
  @Command(
      name = "discard",
      description =
          "End cases that are held, without anything being done. Without --approve it shows which"
              + " these would be, and says nothing to anybody.")
  static final class Discard extends CaseWord {
    Discard(Terminal terminal, Clock clock, ConfigOption config) {
      super(Verb.DISCARD, terminal, clock, config);
    }
  }

  @Override
  public Integer call() {
    if (!all
        && ids.isEmpty()
        && persons.isEmpty()
        && file == null
        && since == null
        && until == null) {
      throw new ParameterException(
          spec.commandLine(),
          "which cases is missing; expected ids, --person, --file, --since, --until or --all");
    }
    if (ids.stream().anyMatch(String::isBlank)) {
      throw new ParameterException(
          spec.commandLine(), "the id of a case is blank; every id begins like that");
    }
    People people = People.of(persons, file, terminal);
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, say.file());
    WaitingCases cases = WaitingCases.read(kafka, kafka.caseTopic());
    List<WaitingCase> chosen = cases.all().stream().filter(one -> isMeant(one, people)).toList();
    reportOthers(people, chosen);
    if (chosen.isEmpty()) {
      throw new CommandFailure(ExitCode.FAILED, List.of("no case is held that fits"));
    }
    String digest = digest(chosen);
    SecondPerson second =
        SecondPerson.read(kafka, config.readOrFail(Section.POLICY, say.file()).approval());
    if (approved == null) {
      FreshCounts counts =
          fresh
              ? FreshCounts.of(cases, chosen, config.readOrFail(Section.ALL, say.file()), clock)
              : null;
      if (say.isJson()) {
        terminal.out().println(json(chosen, digest, counts));
      } else {
        chosen.forEach(one -> show(one, counts));
      }
      if (counts != null) {
        terminal.report("authorizations now: " + counts.total());
      }
      second.waiting(verb, chosen, clock.instant()).forEach(terminal::report);
      terminal.report(
          Figures.counted(chosen.size(), "case")
              + "; to "
              + verb
              + " exactly these, add --approve "
              + digest);
      return ExitCode.OK.code();
    }
    if (!approved.equals(digest)) {
      throw new CommandFailure(
          ExitCode.FAILED,
          List.of(
              "the digest was "
                  + TerminalText.printable(approved)
                  + ", and that of the cases that fit now is "
                  + digest
                  + "; they have changed since they were shown: look again without --approve"));
    }
    say.say(
        kafka,
        commands(chosen),
        terminal,
        second.result(verb, chosen, say.by(), clock.instant())
            + "; \"offboarder outcomes\" shows how each ends");
    return ExitCode.OK.code();
  }

  /** What is named and is no case that is held may be misspelt, or have ended. */
  private void reportOthers(People people, List<WaitingCase> chosen) {
    List<String> others = new ArrayList<>();
    ids.stream()
        .filter(id -> chosen.stream().noneMatch(one -> one.caseId().startsWith(id)))
        .forEach(others::add);
    others.addAll(people.without(chosen.stream().map(one -> one.event().subject()).toList()));
    if (!others.isEmpty() && others.size() < ids.size() + people.names().size()) {
      terminal.report(
          "no case is held that fits of "
              + TerminalText.printable(
                  String.join(", ", others.subList(0, Math.min(NAMED, others.size()))))
              + (others.size() > NAMED
                  ? " and " + Figures.count(others.size() - NAMED) + " more"
                  : ""));
    }
  }

  private boolean isMeant(WaitingCase one, People people) {
    return one.state() == CaseState.HELD
        && (ids.isEmpty() || ids.stream().anyMatch(one.caseId()::startsWith))
        && (people.names().isEmpty() || people.has(one.event().subject()))
        && (since == null || !one.since().isBefore(since.start(clock)))
        && (until == null || one.since().isBefore(until.end(clock)));
  }

  private void show(WaitingCase one, @Nullable FreshCounts counts) {
    List<String> words =
        new ArrayList<>(
            List.of(
                one.caseId(), one.since().toString(), String.valueOf(one.event().subject().key())));
    if (counts != null) {
      words.add(counts.of(one));
    }
    words.add(one.why());
    terminal.out().println(TerminalText.printable(String.join("  ", words)));
  }

  private String json(List<WaitingCase> chosen, String digest, @Nullable FreshCounts counts) {
    ObjectNode plan = new JsonMapper().createObjectNode();
    plan.put("command", verb.toString()).put("digest", digest);
    ArrayNode cases = plan.putArray("cases");
    for (WaitingCase one : chosen) {
      ObjectNode shown =
          cases
              .addObject()
              .put("caseId", one.caseId())
              .put("since", one.since().toString())
              .put("subject", one.event().subject().key())
              .put("why", one.why());
      if (counts != null && counts.byCase().containsKey(one.caseId())) {
        ObjectNode byApp = shown.putObject("authorizations");
        counts.byCase().get(one.caseId()).forEach(byApp::put);
      }
    }
    return Printable.json(plan.toString());
  }

  private static String digest(List<WaitingCase> cases) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      cases.stream()
          .map(one -> one.caseId() + "\n")
          .sorted()
          .forEach(line -> digest.update(line.getBytes(StandardCharsets.UTF_8)));
      return HexFormat.of().formatHex(digest.digest(), 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private List<PersonsCommand> commands(List<WaitingCase> cases) {
    List<String> named = cases.stream().map(WaitingCase::caseId).toList();
    List<PersonsCommand> commands = new ArrayList<>();
    for (int from = 0; from < named.size(); from += CASES_IN_ONE) {
      commands.add(
          say.about(verb, named.subList(from, Math.min(named.size(), from + CASES_IN_ONE)), clock));
    }
    return commands;
  }
}
