package io.offboarder.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a command that it is to end: on SIGTERM and SIGINT, or when a test says so. A command that
 * does not ask for it is ended as the system does it. Safe for use from any thread.
 */
public final class StopSignal {
  private final CompletableFuture<Void> requested = new CompletableFuture<>();
  private final CompletableFuture<Integer> finished = new CompletableFuture<>();
  private volatile @Nullable Duration grace;

  /**
   * The signals of this process. While a command takes its time to end, the process waits for it
   * and then ends with the command's exit code, not with the signal's.
   */
  public static StopSignal ofProcess() {
    StopSignal signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(signal::stopAndHalt, "stop"));
    return signal;
  }

  private void stopAndHalt() {
    Duration wait = grace;
    if (finished.isDone() || wait == null) {
      return;
    }
    request();
    try {
      Runtime.getRuntime().halt(finished.get(wait.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      Runtime.getRuntime().halt(ExitCode.FAILED.code());
    }
  }

  /** Asks the command to end. */
  public void request() {
    requested.complete(null);
  }

  /** Says how the command ended. */
  public void finished(int exitCode) {
    finished.complete(exitCode);
  }

  /**
   * For a command that ends in good order.
   *
   * @param within how long it may take
   * @return completes when it is to end
   */
  CompletableFuture<Void> listen(Duration within) {
    grace = within;
    return requested;
  }
}
