package io.offboarder.cli;

import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.SandboxSettings.Latency;
import io.offboarder.sandbox.WebexSandbox;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the sandbox by itself. */
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    versionProvider = OffboarderCommand.Version.class,
    description = {
      "Runs a Webex Authorizations API to try things against, until Ctrl-C.",
      "docs/SANDBOX.md shows how to seed people, script faults and see what is left."
    })
final class SandboxCommand implements Callable<Integer> {
  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Address to listen on.")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      defaultValue = "8085",
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--requests-per-second",
      paramLabel = "N",
      description = "Answer 429 beyond this quota.")
  private int requestsPerSecond;

  @Option(names = "--latency-ms", paramLabel = "MS", description = "How long answers take.")
  private int latencyMs;

  @Option(
      names = "--p99-latency-ms",
      paramLabel = "MS",
      description = "Their 99th percentile; --latency-ms is the median then.")
  private int p99LatencyMs;

  @Option(
      names = "--token-lifetime-s",
      paramLabel = "S",
      defaultValue = "1209600",
      description = "How long access tokens live (default: 14 days).")
  private long tokenLifetimeSeconds;

  @Option(names = "--rotate-refresh-tokens", description = "Replace refresh tokens at every use.")
  private boolean rotate;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init")
  SandboxCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    SandboxSettings settings =
        SandboxSettings.defaults()
            .at(host, port)
            .withLatency(
                new Latency(
                    Duration.ofMillis(latencyMs),
                    Duration.ofMillis(Math.max(latencyMs, p99LatencyMs))))
            .withTokenLifetime(Duration.ofSeconds(tokenLifetimeSeconds));
    settings = settings.withChoices(settings.choices().withRotateRefreshTokens(rotate));
    if (requestsPerSecond > 0) {
      settings = settings.withRequestsPerSecond(requestsPerSecond);
    }
    Vertx vertx = Vertx.vertx();
    try {
      WebexSandbox sandbox =
          WebexSandbox.start(vertx, settings).toCompletionStage().toCompletableFuture().get();
      PrintWriter out = spec.commandLine().getOut();
      out.println("Sandbox listens on " + sandbox.baseUrl());
      out.println("  access token   " + settings.credentials().accessToken());
      out.println("  client id      " + settings.credentials().clientId());
      out.println("  client secret  " + settings.credentials().clientSecret());
      out.println("  refresh token  " + settings.credentials().refreshToken());
      out.println("  org id         " + sandbox.orgId());
      out.flush();
      new CountDownLatch(1).await();
      return ExitCode.OK.code();
    } catch (ExecutionException e) {
      vertx.close();
      throw new CommandFailure(
          ExitCode.FAILED,
          "cannot listen on " + host + ":" + port + ": " + e.getCause().getMessage());
    }
  }
}
