package io.offboarder.cli;

import io.offboarder.config.ConfigReader;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program and its commands. */
@Command(
    name = "offboarder",
    mixinStandardHelpOptions = true,
    versionProvider = OffboarderCommand.Version.class,
    description = {
      "Revokes the OAuth authorizations of people who left and of apps that were retired:",
      "consumes events from Kafka, revokes through the Webex Authorizations API, and publishes one"
          + " outcome per event."
    },
    subcommands = {
      RunCommand.class,
      CheckCommand.class,
      SendCommand.class,
      OutcomesCommand.class,
      SandboxCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    descriptionHeading = "%n")
public final class OffboarderCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  OffboarderCommand() {}

  /** The whole command line; settings come from this reader. */
  public static CommandLine create(ConfigReader reader) {
    IFactory factory =
        new IFactory() {
          @Override
          public <K> K create(Class<K> type) throws Exception {
            if (Arrays.stream(type.getDeclaredConstructors())
                .anyMatch(
                    c ->
                        Arrays.equals(
                            c.getParameterTypes(), new Class<?>[] {ConfigReader.class}))) {
              return type.cast(type.getDeclaredConstructor(ConfigReader.class).newInstance(reader));
            }
            return CommandLine.defaultFactory().create(type);
          }
        };
    CommandLine line = new CommandLine(new OffboarderCommand(), factory);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((e, command, result) -> report(e, command));
    line.setParameterExceptionHandler(
        (e, args) -> {
          CommandLine command = e.getCommandLine();
          complain(command, e.getMessage());
          command
              .getErr()
              .println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
          return ExitCode.USAGE.code();
        });
    describe(line);
    return line;
  }

  /** Gives every command the standard options and the meaning of the exit codes. */
  private static void describe(CommandLine line) {
    Map<String, String> codes = new LinkedHashMap<>();
    for (ExitCode code : ExitCode.values()) {
      codes.put(Integer.toString(code.code()), code.meaning());
    }
    line.getCommandSpec().usageMessage().exitCodeList(codes);
    line.getCommandSpec().usageMessage().exitCodeListHeading("%nExit codes:%n");
    line.getSubcommands().values().forEach(OffboarderCommand::describe);
  }

  private static int report(Exception e, CommandLine command) {
    if (e instanceof CommandFailure failure) {
      failure.lines().forEach(text -> complain(command, text));
      return failure.exitCode().code();
    }
    complain(command, "a fault of this program: " + e);
    if (System.getenv("OFFBOARDER_DEBUG") == null) {
      command.getErr().println("Set OFFBOARDER_DEBUG=1 to see where.");
    } else {
      e.printStackTrace(command.getErr());
    }
    return ExitCode.INTERNAL.code();
  }

  private static void complain(CommandLine command, String text) {
    PrintWriter err = command.getErr();
    err.println("offboarder: " + text.replaceAll("\\s*\\R\\s*", " "));
    err.flush();
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version =
          Optional.ofNullable(OffboarderCommand.class.getPackage().getImplementationVersion())
              .orElse("(unpackaged)");
      return new String[] {"offboarder " + version};
    }
  }
}
