package io.offboarder.bench.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A contender at work, with what it writes and collects in files of its own. */
final class ContenderProcess implements AutoCloseable {
  /** As in {@code GC(3) Pause Young (Normal) 24M->6M(512M)}. */
  private static final Pattern HEAP = Pattern.compile("(\\d+)M->\\d+M\\(");

  private static final Pattern PEAK_RSS = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private final Process process;
  private final Path output;
  private final Path collections;
  private final boolean records;

  private ContenderProcess(Process process, Path output, Path collections, boolean records) {
    this.process = process;
    this.output = output;
    this.collections = collections;
    this.records = records;
  }

  /**
   * Starts {@code java} with a heap of this size, this command and this environment.
   *
   * @param files the path of its files, without their suffix
   * @param recording whether Java's Flight Recorder runs along
   */
  static ContenderProcess start(
      Path files,
      int heapMiB,
      boolean recording,
      List<String> command,
      Map<String, String> environment) {
    Path output = Path.of(files + ".log");
    Path collections = Path.of(files + ".gc");
    ProcessBuilder builder =
        new ProcessBuilder(
                Stream.of(
                        List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                            "-Xmx" + heapMiB + "m",
                            "-Xlog:gc:file=" + collections + "::filecount=0"),
                        recording
                            ? List.of(
                                "-XX:StartFlightRecording=settings=profile,filename="
                                    + files
                                    + ".jfr")
                            : List.<String>of(),
                        command)
                    .flatMap(List::stream)
                    .toList())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("OFFBOARDER_"));
    builder.environment().putAll(environment);
    try {
      Files.createDirectories(files.getParent());
      return new ContenderProcess(builder.start(), output, collections, recording);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Throws what it wrote if it is not running any more. */
  void requireAlive() {
    if (!process.isAlive()) {
      throw new IllegalStateException(
          "a contender ended with " + process.exitValue() + ":\n" + read(output));
    }
  }

  /** The most memory that it has held so far, as Linux counts it; empty elsewhere. */
  OptionalDouble peakRssMiB() {
    Path status = Path.of("/proc", Long.toString(pid()), "status");
    if (!Files.exists(status)) {
      return OptionalDouble.empty();
    }
    return PEAK_RSS
        .matcher(read(status))
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)) / 1024)
        .findFirst();
  }

  /** The fullest that its heap was when a collection began; empty if there was none. */
  OptionalDouble peakHeapMiB() {
    if (!Files.exists(collections)) {
      return OptionalDouble.empty();
    }
    return HEAP.matcher(read(collections))
        .results()
        .mapToDouble(found -> Double.parseDouble(found.group(1)))
        .max();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    await(Duration.ofSeconds(10));
  }

  /** Ends it: kindly where it records itself and has to write that, else at once. */
  void stop() {
    if (records) {
      process.destroy();
      await(Duration.ofSeconds(30));
    }
    kill();
  }

  private boolean await(Duration within) {
    try {
      return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
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
