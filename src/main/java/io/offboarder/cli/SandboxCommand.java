package io.offboarder.cli;

import io.offboarder.config.DurationText;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.SandboxSettings.Latency;
import io.offboarder.sandbox.SandboxSettings.SandboxCredentials;
import io.offboarder.sandbox.WebexSandbox;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Runs a Webex to try things against. */
@Command(
    name = "sandbox",
    description = "Run a Webex Authorizations API to try things against, as docs/SANDBOX.md shows.")
final class SandboxCommand implements Callable<Integer> {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private static final Pattern ADDRESS = Pattern.compile("[^@\\s]+@[^@\\s]+");

  private final Terminal terminal;
  private final StopSignal stop;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE})")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = PortConverter.class,
      defaultValue = "8085",
      description = "Port to listen on; 0 takes a free one (default: ${DEFAULT-VALUE})")
  private int port;

  @Option(
      names = "--requests-per-second",
      paramLabel = "N",
      converter = CountConverter.class,
      description = "Answer 429 beyond this many")
  private @Nullable Integer requestsPerSecond;

  @Option(
      names = "--latency",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long answers take, such as 50ms")
  private @Nullable Duration latency;

  @Option(
      names = "--p99-latency",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "Their 99th percentile; --latency is the median then")
  private @Nullable Duration p99Latency;

  @Option(
      names = "--token-lifetime",
      paramLabel = "TIME",
      converter = TimeConverter.class,
      description = "How long access tokens live, such as 10m (default: 14d)")
  private @Nullable Duration tokenLifetime;

  @Option(
      names = "--person",
      paramLabel = "EMAIL",
      description = "Somebody who has authorized two apps; may be given more than once")
  private List<String> people = List.of();

  @Option(
      names = "--rotate-refresh-tokens",
      description = "Replace a refresh token whenever it is used")
  private boolean rotateRefreshTokens;

  SandboxCommand(Terminal terminal, StopSignal stop) {
    this.terminal = terminal;
    this.stop = stop;
  }

  /** Reads a duration as the settings do. */
  static final class TimeConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String value) {
      try {
        return DurationText.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'" + value + "' is no duration above zero, such as 500ms, 25s, 2m or 1h");
      }
    }
  }

  /** Reads a port. */
  static final class PortConverter implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (value.matches("\\d{1,5}") && Integer.parseInt(value) <= 65_535) {
        return Integer.parseInt(value);
      }
      throw new TypeConversionException("'" + value + "' is no port, 0 to 65535");
    }
  }

  @Override
  public Integer call() {
    requireSense();
    Vertx vertx = Vertx.vertx();
    try {
      WebexSandbox sandbox = start(vertx);
      hire(sandbox);
      describe(sandbox);
      stop.listen(STOP_WITHIN).join();
      return ExitCode.OK.code();
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private void requireSense() {
    String wrong = null;
    if (p99Latency != null && (latency == null || p99Latency.compareTo(latency) < 0)) {
      wrong = "--p99-latency needs a --latency, the median, that is no longer than it";
    }
    for (String email : people) {
      if (!ADDRESS.matcher(email).matches()) {
        wrong = "--person is \"" + email + "\"; expected an e-mail address";
      }
    }
    if (wrong != null) {
      throw new ParameterException(spec.commandLine(), wrong);
    }
  }

  private void hire(WebexSandbox sandbox) {
    if (people.isEmpty()) {
      return;
    }
    List<SandboxApp> apps = List.of(sandbox.newApp("Calendar"), sandbox.newApp("Slides"));
    for (String email : people) {
      SandboxPerson person = sandbox.addPerson(email);
      apps.forEach(app -> sandbox.authorize(person, app, 2));
    }
  }

  private WebexSandbox start(Vertx vertx) {
    try {
      return WebexSandbox.start(vertx, settings()).toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "the sandbox cannot listen on " + host + ":" + port + ": " + e.getCause().getMessage(),
          e);
    }
  }

  private SandboxSettings settings() {
    SandboxSettings settings = SandboxSettings.defaults().at(host, port);
    if (requestsPerSecond != null) {
      settings = settings.withRequestsPerSecond(requestsPerSecond);
    }
    if (latency != null) {
      settings =
          settings.withLatency(new Latency(latency, p99Latency == null ? latency : p99Latency));
    }
    if (rotateRefreshTokens) {
      settings = settings.withChoices(settings.choices().withRotateRefreshTokens(true));
    }
    if (tokenLifetime != null) {
      settings = settings.withTokenLifetime(tokenLifetime);
    }
    return settings;
  }

  private void describe(WebexSandbox sandbox) {
    SandboxCredentials credentials = sandbox.settings().credentials();
    PrintWriter out = terminal.out();
    out.println("Webex sandbox at " + sandbox.baseUrl());
    out.println("  org id         " + sandbox.orgId());
    out.println("  access token   " + credentials.accessToken());
    out.println("  client id      " + credentials.clientId());
    out.println("  client secret  " + credentials.clientSecret());
    out.println("  refresh token  " + credentials.refreshToken());
    out.println("  control        " + sandbox.baseUrl().resolve("/sandbox/people"));
    out.flush();
  }
}
