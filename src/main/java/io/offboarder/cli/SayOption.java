package io.offboarder.cli;

import io.offboarder.commands.CommandFormat;
import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.config.KafkaConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Who says something to the whole group, and why; and how the command shows what it said. */
final class SayOption {
  @Mixin private SettingsFile file = new SettingsFile();

  @Mixin private FormOption form = new FormOption();

  @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why")
  private String reason = "";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who says so (default: the user of this machine)")
  private @Nullable String by;

  /** The file with the settings, if this names one. */
  @Nullable Path file() {
    return file.path();
  }

  /** Who says so. */
  String by() {
    return by == null ? System.getProperty("user.name", "unknown") : by;
  }

  boolean isJson() {
    return form.isJson();
  }

  /** A command about cases. */
  PersonsCommand about(Verb verb, List<String> cases, Clock clock) {
    return command(verb, cases, null, null, clock);
  }

  /** A command about nothing that has a name. */
  PersonsCommand command(Verb verb, Clock clock) {
    return command(verb, List.of(), null, null, clock);
  }

  /** A command about what the guard counts. */
  PersonsCommand command(Verb verb, @Nullable String kind, @Nullable String org, Clock clock) {
    return command(verb, List.of(), kind, org, clock);
  }

  private PersonsCommand command(
      Verb verb, List<String> cases, @Nullable String kind, @Nullable String org, Clock clock) {
    return new PersonsCommand(
        UUID.randomUUID().toString(), verb, cases, kind, org, by(), reason, clock.instant());
  }

  /** Writes the commands where the group hears them; then shows them, or says so in words. */
  void say(KafkaConfig kafka, List<PersonsCommand> commands, Terminal terminal, String words) {
    CommandSender.send(kafka, commands);
    if (isJson()) {
      CommandFormat format = new CommandFormat();
      commands.forEach(command -> terminal.out().println(format.write(command)));
    }
    terminal.report(words);
  }
}
