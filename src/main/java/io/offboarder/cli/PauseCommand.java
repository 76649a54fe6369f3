package io.offboarder.cli;

import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.config.KafkaConfig;
import io.offboarder.config.Section;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Stops the whole group, and lets it go on. */
abstract sealed class PauseCommand implements Callable<Integer> {
  private final Verb verb;
  private final String words;
  private final Terminal terminal;
  private final Clock clock;
  private final ConfigOption config;

  @Mixin private SayOption say = new SayOption();

  private PauseCommand(
      Verb verb, String words, Terminal terminal, Clock clock, ConfigOption config) {
    this.verb = verb;
    this.words = words;
    this.terminal = terminal;
    this.clock = clock;
    this.config = config;
  }

  /** It stops. */
  @Command(
      name = "pause",
      description = {
        "Stop the whole group: within two seconds no instance begins anything or asks the API for"
            + " anything, until \"offboarder resume\". Restarts change nothing about that.",
        "Events that wait are then in Kafka and in no case, so \"case list\" does not show them. To"
            + " have them held instead of done, say \"offboarder guard trip\" before \"offboarder"
            + " resume\"."
      },
      footer = {"", "Example:", "  offboarder pause --reason 'HR has sent the wrong file'"})
  static final class Pause extends PauseCommand {
    Pause(Terminal terminal, Clock clock, ConfigOption config) {
      super(Verb.PAUSE, "all instances stop within two seconds", terminal, clock, config);
    }
  }

  /** It goes on. */
  @Command(
      name = "resume",
      description = {
        "Let a group go on that was paused, where it was: also with what was begun before and is"
            + " not finished.",
        "What has come meanwhile is done, unless \"offboarder guard trip\" was said before: then it"
            + " is held."
      },
      footer = {"", "Example:", "  offboarder resume --reason 'the guard holds what was wrong'"})
  static final class Resume extends PauseCommand {
    Resume(Terminal terminal, Clock clock, ConfigOption config) {
      super(Verb.RESUME, "all instances go on", terminal, clock, config);
    }
  }

  @Override
  public Integer call() {
    KafkaConfig kafka = config.readOrFail(Section.KAFKA, say.file());
    PersonsCommand command = say.command(verb, clock);
    say.say(
        kafka,
        List.of(command),
        terminal,
        words
            + " (command "
            + command.id()
            + "); \"offboarder status\" shows whether it is paused");
    return ExitCode.OK.code();
  }
}
