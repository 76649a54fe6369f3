package io.offboarder.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.config.OffboarderConfig;
import io.offboarder.config.Section;
import io.offboarder.event.UserTerminated;
import io.offboarder.revocation.Outcome;
import io.offboarder.revocation.OutcomeFormat;
import io.offboarder.text.Printable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what a termination would do now, by lists of the API alone. */
@Command(
    name = "plan",
    description = {
      "Say what the termination of somebody would delete now. Asks the API for lists alone, and"
          + " publishes nothing.",
      "Ends with exit code 1 where the API does not know somebody, or does not answer for them."
    },
    footer = {
      "",
      "Examples:",
      "  offboarder plan --person-email ann@example.com",
      "  offboarder plan --file leavers.txt -o json | jq -r '.authorizations[].applicationName'"
    })
final class PlanCommand implements Callable<Integer> {
  private final Terminal terminal;
  private final Clock clock;
  private final JsonMapper mapper = new JsonMapper();

  @Mixin private final ConfigOption config;
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private PersonOption person = new PersonOption();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "People, an address or an id on each line; - reads standard input")
  private @Nullable String file;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = SandboxCommand.TimeConverter.class,
      description = "How long to wait for the API, for each person (default: ${DEFAULT-VALUE})")
  private Duration timeout = Duration.ofSeconds(30);

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      defaultValue = "table",
      description = "table, or json: an outcome on each line (default: ${DEFAULT-VALUE})")
  private Form form = Form.TABLE;

  /** How plans are shown. */
  enum Form {
    TABLE,
    JSON
  }

  PlanCommand(Terminal terminal, Clock clock, ConfigOption config) {
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  @Override
  public Integer call() throws IOException {
    List<UserTerminated> events = events();
    OffboarderConfig settings = config.readOrFail(Section.ALL);
    Vertx vertx = Vertx.vertx();
    boolean good = true;
    try {
      DryRun dryRun = new DryRun(vertx, settings, clock, timeout);
      OutcomeTable table = new OutcomeTable(terminal.columns(), terminal.colours());
      if (form == Form.TABLE) {
        terminal.out().println(table.header());
      }
      for (UserTerminated event : events) {
        Outcome outcome = dryRun.of(event);
        good &= !outcome.needsAttention();
        byte[] json = new OutcomeFormat().toJson(outcome);
        JsonNode shown = mapper.readTree(json);
        terminal
            .out()
            .println(form == Form.TABLE ? table.row(shown) : Printable.json(shown.toString()));
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
    return (good ? ExitCode.OK : ExitCode.FAILED).code();
  }

  private List<UserTerminated> events() {
    boolean named = person.isGiven();
    if (named == (file != null)) {
      throw new ParameterException(
          spec.commandLine(), "expected --person-id, --person-email or --file, and one of these");
    }
    List<UserTerminated> events = new ArrayList<>();
    if (named) {
      events.add(event(person.person()));
    } else {
      for (String who : People.of(List.of(), file, terminal).names()) {
        events.add(
            who.indexOf('@') < 0
                ? event(new NamedPerson(who, null))
                : event(new NamedPerson(null, who)));
      }
    }
    return events;
  }

  private UserTerminated event(NamedPerson who) {
    return NamedPerson.understood(who.termination(null, clock.instant()));
  }
}
