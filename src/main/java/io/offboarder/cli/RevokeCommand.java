package io.offboarder.cli;

import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import io.offboarder.revocation.Outcome.Status;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Revokes one person's access now: publishes the event, and waits for what becomes of it. */
@Command(
    name = "revoke",
    description = {
      "Revoke one person's authorizations now: publish the event, as \"send\" does, and wait for its"
          + " outcome.",
      "Exit code 0 if nothing of theirs is live any more but what is spared; 1 if something is, or"
          + " nothing was done; 6 if the outcome has not come in time. On a terminal it asks first."
    },
    footer = {
      "",
      "Examples:",
      "  offboarder revoke --person-email ann@example.com --reason \"laptop stolen\"",
      "  offboarder plan --person-email ann@example.com    # what it would do"
    })
final class RevokeCommand implements Callable<Integer> {
  private static final Set<String> DONE =
      Set.of(Status.REVOKED.toString(), Status.NOTHING_TO_REVOKE.toString());

  private final Terminal terminal;
  private final StopSignal stop;
  private final Clock clock;

  @Mixin private final ConfigOption config;
  @Mixin private final FormOption form = new FormOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private PersonOption named = new PersonOption();

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; shown in the outcome")
  private @Nullable String reason;

  @Option(names = "--yes", description = "Do not ask")
  private boolean yes;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = SandboxCommand.TimeConverter.class,
      description = "Wait for the outcome no longer than this (default: ${DEFAULT-VALUE})")
  private Duration timeout = Duration.ofMinutes(5);

  RevokeCommand(Terminal terminal, StopSignal stop, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.stop = stop;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() throws IOException {
    NamedPerson person = named.person();
    if (person.isNobody()) {
      throw new ParameterException(
          spec.commandLine(), "who is missing: --person-id or --person-email");
    }
    OutgoingEvent event = person.termination(reason, clock.instant());
    NamedPerson.understood(event);
    KafkaConfig kafka = config.readOrFail(Section.KAFKA);
    if (!yes && terminal.interactive() && !isConfirmed(person)) {
      terminal.report("nothing was sent");
      return ExitCode.FAILED.code();
    }
    return new EventSender(terminal, stop, kafka, EventSender.Report.EACH.or(form))
        .sendAndWait(List.of(event), null, timeout, DONE)
        .code();
  }

  private boolean isConfirmed(NamedPerson person) throws IOException {
    terminal
        .err()
        .print(
            "Revoke all authorizations of "
                + TerminalText.printable(person.name())
                + " now? This cannot be undone. yes/no: ");
    terminal.err().flush();
    String answer = new BufferedReader(terminal.in()).readLine();
    return answer != null && answer.strip().toLowerCase(Locale.ROOT).equals("yes");
  }
}
