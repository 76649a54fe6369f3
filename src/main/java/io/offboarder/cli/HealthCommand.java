package io.offboarder.cli;

import io.offboarder.config.ConfigResult;
import io.offboarder.config.HttpConfig;
import io.offboarder.config.Section;
import io.offboarder.text.Printable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

  @Mixin private final ConfigOption config;
  @Mixin private final FormOption form = new FormOption();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Where it tells (default: /health/ready at http.host and http.port of the settings)")
  private @Nullable String named;

  HealthCommand(Terminal terminal, ConfigOption config) {
    this.terminal = terminal;
    this.config = config;
  }

  @Override
  public Integer call() throws InterruptedException {
    return named == null ? askConfigured() : ask(stranger(), parsed(named));
  }

  /** For a URL that may be anybody's: it trusts our own certificate too, and shows no token. */
  private ManagementClient stranger() {
    return config.read(Section.HTTP) instanceof ConfigResult.Valid<HttpConfig> http
        ? ManagementClient.withoutToken(http.config(), TIMEOUT)
        : new ManagementClient(TIMEOUT);
  }

  /** A service that listens everywhere is asked here. */
  private int askConfigured() throws InterruptedException {
    HttpConfig http = config.readOrFail(Section.HTTP);
    if (http.port() == 0) {
      throw new CommandFailure(
          ExitCode.USAGE,
          List.of("offboarder.http.port is 0, which takes any free port; expected --url"));
    }
    return ask(
        ManagementClient.of(http, TIMEOUT),
        parsed(ManagementClient.address(http) + "/health/ready"));
  }

  private int ask(ManagementClient client, URI url) throws InterruptedException {
    try {
      ManagementClient.Reply answer = client.get(url);
      Optional<HealthReport> report =
          form.isJson() ? Optional.empty() : HealthReport.of(answer.body());
      report
          .map(HealthReport::lines)
          .orElseGet(() -> answer.body().lines().map(Printable::oneLine).toList())
          .forEach(terminal.out()::println);
      terminal.out().flush();
      return (answer.status() == 200 ? ExitCode.OK : ExitCode.FAILED).code();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "nothing tells its health at " + url + " (" + cause(e) + ")", e);
    }
  }

  private URI parsed(String text) {
    try {
      URI url = new URI(text);
      if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Told below, as an address without a host is.
    }
    throw new ParameterException(
        spec.commandLine(),
        "--url is \""
            + Printable.oneLine(text)
            + "\"; expected one such as http://127.0.0.1:8080/health/ready");
  }

  private static String cause(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return "no answer within " + TIMEOUT.toSeconds() + " s";
    }
    if (e instanceof SSLException) {
      return "no TLS";
    }
    return e instanceof ConnectException ? "no connection" : "no HTTP answer";
  }
}
