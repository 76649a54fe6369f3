package io.offboarder.bench.run;

import io.offboarder.bench.api.ApiControl;
import io.offboarder.bench.api.ApiServer;
import io.offboarder.bench.work.Task;
import io.offboarder.bench.work.Wire;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Certificate;
import io.offboarder.testing.Topics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/**
 * What all runs stand on: a broker and the bench API, each as a process of its own, and a look at
 * the machine. Every run has a group and an outcome topic of its own.
 */
public final class TestBed implements AutoCloseable {
  /** The dead-letter topic, which stays empty. */
  static final String DEAD_LETTERS = "bench.dead-letters";

  /** The topic of what waits, which stays empty too: no second looks are taken. */
  static final String CASES = "bench.cases";

  /** The topic of what is about to be deleted. */
  static final String JOURNAL = "bench.journal";

  /** The topic of what people command, who command nothing. */
  static final String COMMANDS = "bench.commands";

  /** How many partitions each topic has. */
  static final int PARTITIONS = 6;

  private final Path target;
  private final BrokerProcess broker;
  private final Process apiProcess;
  private final ApiControl api;
  private final Certificate certificate;
  private final Topics topics;
  private final MachineSpeed speed = MachineSpeed.start();
  private int names;

  private TestBed(
      Path target,
      BrokerProcess broker,
      Process apiProcess,
      ApiControl api,
      Certificate certificate) {
    this.target = target;
    this.broker = broker;
    this.apiProcess = apiProcess;
    this.api = api;
    this.certificate = certificate;
    this.topics = new Topics(broker.bootstrapServers());
  }

  /** Starts broker and API, and waits until both serve. */
  public static TestBed open(Path target) {
    Runtime.getRuntime().addShutdownHook(new Thread(TestBed::endDescendants));
    BrokerProcess broker = BrokerProcess.start(List.of("-Xmx1g", "-XX:+UseG1GC"));
    int port = freePort();
    int tlsPort = freePort();
    Certificate certificate = certificate(target);
    TestBed testBed =
        new TestBed(
            target,
            broker,
            startApi(target, port, tlsPort, certificate),
            new ApiControl(port, tlsPort),
            certificate);
    try {
      Awaitility.await("the API").atMost(Duration.ofSeconds(60)).until(testBed.api::answers);
      testBed.topics.create(DEAD_LETTERS, 1, Map.of());
      testBed.topics.create(CASES, 1, Map.of("cleanup.policy", "compact"));
      testBed.topics.create(JOURNAL, 1, Map.of("message.timestamp.type", "LogAppendTime"));
      testBed.topics.create(COMMANDS, 1, Map.of("message.timestamp.type", "LogAppendTime"));
      return testBed;
    } catch (RuntimeException | Error e) {
      testBed.close();
      throw e;
    }
  }

  /** So that a benchmark that is interrupted leaves nothing running. */
  private static void endDescendants() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  private static Certificate certificate(Path target) {
    try {
      Path directory = target.resolve("bench/certificate");
      Files.createDirectories(directory);
      Files.deleteIfExists(directory.resolve("localhost.p12"));
      return Certificate.of(directory, "localhost");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Process startApi(Path target, int port, int tlsPort, Certificate certificate) {
    try {
      Path log = target.resolve("bench/logs/api.log");
      Files.createDirectories(log.getParent());
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx512m",
              "-cp",
              System.getProperty("java.class.path"),
              ApiServer.class.getName(),
              Integer.toString(port),
              Integer.toString(tlsPort),
              certificate.keyStore().toString(),
              Certificate.PASSWORD)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ApiControl api() {
    return api;
  }

  MachineSpeed speed() {
    return speed;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** A new topic. */
  String topic(String purpose) {
    String name = "bench." + purpose + "." + ++names;
    topics.create(name, PARTITIONS, Map.of());
    return name;
  }

  /** Deletes a topic, so that the disk holds no more than a run or two. */
  void drop(String topic) {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      admin.deleteTopics(List.of(topic)).all().toCompletionStage().toCompletableFuture().join();
    }
  }

  /** A task with a group and an outcome topic of its own. */
  Task task(String input, Wire wire, int concurrency, Duration commitInterval) {
    String outcomes = topic("outcomes");
    return new Task(
        bootstrapServers(),
        outcomes,
        input,
        outcomes,
        api.api(wire),
        wire == Wire.PLAIN ? Optional.empty() : Optional.of(certificate.pem()),
        concurrency,
        commitInterval);
  }

  /** Starts a contender and tells the API whose processor time is to be watched. */
  ContenderProcess start(
      Contender contender, Task task, Scenario scenario, Bounds bounds, String label) {
    ContenderProcess process =
        ContenderProcess.start(
            target.resolve("bench/logs").resolve(label),
            scenario.heapMiB(),
            bounds.recording(),
            contender.command(target, task, scenario.events()),
            contender.environment(task));
    api.watch(process.pid(), broker.pid());
    return process;
  }

  @Override
  public void close() {
    try {
      Files.writeString(target.resolve("bench/logs/broker.log"), broker.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      end();
    }
  }

  private void end() {
    speed.close();
    apiProcess.destroyForcibly();
    try {
      apiProcess.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    broker.close();
  }
}
