package io.offboarder.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks a running service whether it is ready, for containers that have nothing to ask with. */
@Command(
    name = "health",
    description = "Ask a running service whether it is ready: what it says, and exit code 0 or 1.")
final class HealthCommand implements Callable<Integer> {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final Terminal terminal;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--url",
      defaultValue = "http://127.0.0.1:8080/health/ready",
      description = "Where it tells (default: ${DEFAULT-VALUE})")
  private URI url = URI.create("");

  HealthCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (url.getHost() == null || !String.valueOf(url.getScheme()).startsWith("http")) {
      throw new ParameterException(
          spec.commandLine(),
          "--url is \"" + url + "\"; expected one such as http://127.0.0.1:8080/health/ready");
    }
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(HttpRequest.newBuilder(url).timeout(TIMEOUT).build(), BodyHandlers.ofString());
      terminal.out().print(answer.body());
      terminal.out().flush();
      return (answer.statusCode() == 200 ? ExitCode.OK : ExitCode.FAILED).code();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "nothing tells its health at " + url, e);
    }
  }
}
