package io.offboarder.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built jar as its own process, started as a user would start it. */
public final class JarProcess implements AutoCloseable {
  private static final List<String> JAR =
      List.of("-jar", System.getProperty("offboarder.jar", "target/offboarder.jar"));

  private enum Log {
    KEPT,
    UNREAD
  }

  private final Process process;
  private final Path output;
  private final Path errors;

  private JarProcess(Process process, Path output, Path errors) {
    this.process = process;
    this.output = output;
    this.errors = errors;
  }

  /**
   * Starts {@code java -jar offboarder.jar} with these arguments, in an environment that has no
   * settings of ours but these.
   */
  public static JarProcess start(Map<String, String> environment, String... arguments) {
    return start(environment, JAR, Log.KEPT, arguments);
  }

  /** The same of another release, whose jar this is. */
  public static JarProcess startOther(
      Path jar, Map<String, String> environment, String... arguments) {
    return start(environment, List.of("-jar", jar.toString()), Log.KEPT, arguments);
  }

  /** The same, with a standard error that nobody reads: a pipe that fills up. */
  public static JarProcess startUnread(Map<String, String> environment, String... arguments) {
    return start(environment, JAR, Log.UNREAD, arguments);
  }

  /** The same program, and the same log, from this JVM's class path: before there is a jar. */
  public static JarProcess startFromClassPath(
      Map<String, String> environment, String... arguments) {
    return start(
        environment,
        List.of("-cp", System.getProperty("java.class.path"), "io.offboarder.Offboarder"),
        Log.KEPT,
        arguments);
  }

  private static JarProcess start(
      Map<String, String> environment, List<String> program, Log log, String... arguments) {
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx256m");
      command.addAll(program);
      command.addAll(Arrays.asList(arguments));
      Path output = Files.createTempFile("offboarder", ".out");
      Path errors = Files.createTempFile("offboarder", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectOutput(output.toFile())
              .redirectError(log == Log.KEPT ? Redirect.to(errors.toFile()) : Redirect.PIPE);
      builder.environment().keySet().removeIf(key -> key.startsWith("OFFBOARDER_"));
      builder.environment().putAll(environment);
      return new JarProcess(builder.start(), output, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it has written to standard output so far. */
  public String output() {
    return read(output);
  }

  /** What it has written to standard error so far. */
  public String errors() {
    return read(errors);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Whether it still runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
    awaitExit(Duration.ofSeconds(10));
  }

  /** SIGTERM; returns the exit code. */
  public int terminate(Duration within) {
    process.destroy();
    return awaitExit(within);
  }

  /** Waits for its end and returns the exit code. */
  public int awaitExit(Duration within) {
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("still running after " + within + "\n" + errors());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
