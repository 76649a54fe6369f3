package io.offboarder.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka broker (KRaft, one node) inside this JVM, with a log directory of its own. It keeps
 * its port and its data through {@link #restart()}.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private final Path directory;
  private final Properties properties;
  private final String bootstrapServers;
  private KafkaRaftServer server;

  private EmbeddedBroker(Path directory, Properties properties, String bootstrapServers) {
    this.directory = directory;
    this.properties = properties;
    this.bootstrapServers = bootstrapServers;
  }

  /** Starts a broker on a free port and waits until it serves. */
  public static EmbeddedBroker start() {
    return start(Map.of());
  }

  /** As {@link #start()}, with the caller's broker properties on top of the small defaults. */
  public static EmbeddedBroker start(Map<String, String> overrides) {
    try {
      Path directory = Files.createTempDirectory("offboarder-broker");
      int port = freePort();
      Map<String, String> settings = smallBroker(directory, port, freePort());
      settings.putAll(overrides);
      Path file = directory.resolve("server.properties");
      Files.writeString(
          file,
          settings.entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining("\n")));
      int code =
          StorageTool.execute(
              new String[] {"format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", file.toString()},
              new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8));
      if (code != 0) {
        throw new IllegalStateException("formatting the broker's storage ended with " + code);
      }
      Properties properties = new Properties();
      properties.putAll(settings);
      EmbeddedBroker broker = new EmbeddedBroker(directory, properties, "localhost:" + port);
      broker.startServer();
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> smallBroker(Path directory, int port, int controllerPort) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "1");
    settings.put("controller.quorum.voters", "1@localhost:" + controllerPort);
    settings.put(
        "listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT");
    settings.put("log.dirs", directory.resolve("logs").toString());
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("message.max.bytes", "16777216");
    settings.put("auto.create.topics.enable", "false");
    settings.put("log.cleaner.enable", "false");
    settings.put("group.consumer.min.heartbeat.interval.ms", "300");
    settings.put("group.consumer.heartbeat.interval.ms", "300");
    settings.put("group.consumer.min.session.timeout.ms", "6000");
    settings.put("group.consumer.session.timeout.ms", "6000");
    return settings;
  }

  private void startServer() {
    server = new KafkaRaftServer(new KafkaConfig(properties), Time.SYSTEM);
    server.startup();
  }

  /** Stops the broker; its port and data stay for {@link #restart()}. */
  public void stop() {
    server.shutdown();
    server.awaitShutdown();
  }

  /** Starts the broker again after {@link #stop()}, on the same port with the same data. */
  public void restart() {
    startServer();
  }

  /** Where clients connect. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Client properties that reach this broker. */
  public Properties clientProperties() {
    Properties client = new Properties();
    client.put("bootstrap.servers", bootstrapServers());
    return client;
  }

  @Override
  public void close() {
    stop();
    try (Stream<Path> files = Files.walk(directory)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
