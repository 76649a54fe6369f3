package io.offboarder.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/**
 * A real Kafka broker as its own process, so that it can be killed as a crash or the kernel's
 * out-of-memory killer would. Its port and its data outlive it. It is of the release that the tests
 * are built with, or the one whose libraries are in the folder that the system property {@code
 * offboarder.broker.libraries} names.
 */
public final class BrokerProcess implements AutoCloseable {
  private final BrokerFiles files;
  private final Path log;
  private final List<String> jvm;
  private Process process;
  private boolean kept;

  private BrokerProcess(BrokerFiles files, Path log, List<String> jvm) {
    this.files = files;
    this.log = log;
    this.jvm = jvm;
  }

  /** Starts a small broker on a free port and waits until it serves. */
  public static BrokerProcess start() {
    return start(Map.of());
  }

  /** The same with these of its properties otherwise. */
  public static BrokerProcess start(Map<String, String> properties) {
    return start(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"), properties);
  }

  /** Starts a broker on a free port, with these options of its JVM, and waits until it serves. */
  public static BrokerProcess start(List<String> jvm) {
    return start(jvm, Map.of());
  }

  private static BrokerProcess start(List<String> jvm, Map<String, String> properties) {
    BrokerFiles files = BrokerFiles.create(properties, BrokerProcess::format);
    BrokerProcess broker = new BrokerProcess(files, files.directory().resolve("broker.log"), jvm);
    broker.restart();
    try {
      broker.awaitServing(Duration.ofSeconds(60));
      return broker;
    } catch (RuntimeException | Error e) {
      broker.close();
      throw e;
    }
  }

  /** Where clients connect. */
  public String bootstrapServers() {
    return files.bootstrapServers();
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  /** {@code kill -9}. */
  public void kill() {
    try {
      process.destroyForcibly();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        throw new AssertionError("the broker does not die");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Makes it answer nobody until {@link #thaw()}: it holds its connections and does nothing. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets it go on where it was frozen. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      int code = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
      if (code != 0) {
        throw new AssertionError("kill -" + name + " ended with " + code);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Starts it on its port with its data; does not wait until it serves. */
  public void restart() {
    List<String> arguments = new ArrayList<>(jvm);
    arguments.add("-Dlogback.configurationFile=logback-broker.xml");
    arguments.addAll(List.of("kafka.Kafka", files.file().toString()));
    try {
      process =
          java(arguments)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int format(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("kafka.tools.StorageTool"));
    command.addAll(List.of(arguments));
    try {
      return java(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static ProcessBuilder java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    String libraries = System.getProperty("offboarder.broker.libraries");
    builder
        .environment()
        .put(
            "CLASSPATH",
            libraries == null ? System.getProperty("java.class.path") : libraries + "/*");
    return builder;
  }

  /** Waits until it answers. */
  public void awaitServing(Duration within) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      Awaitility.await("the broker serves").atMost(within).until(() -> serves(admin));
    }
  }

  private boolean serves(Admin admin) throws InterruptedException {
    if (!process.isAlive()) {
      throw new AssertionError("the broker ended by itself\n" + log());
    }
    try {
      return !admin.describeCluster().nodes().get().isEmpty();
    } catch (ExecutionException notYet) {
      return false;
    }
  }

  /** What it has written so far, over all its lives. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * When it dropped the markers of a transaction that was to be committed or aborted: Kafka 4.4.0
   * does so if a partition of it has no leader at that moment, as all have on an only broker that
   * starts (KAFKA-20734). Such a transaction may be visible in one topic and not in another.
   */
  public List<Instant> markersDropped() {
    return log()
        .lines()
        .filter(line -> line.contains("while trying to send transaction markers"))
        .map(line -> Instant.parse(line.substring(0, line.indexOf(' '))))
        .toList();
  }

  /** Leaves its files where they are when it is closed, to find out later what it did. */
  public Path keepFiles() {
    kept = true;
    return files.directory();
  }

  @Override
  public void close() {
    kill();
    if (!kept) {
      files.delete();
    }
  }
}
