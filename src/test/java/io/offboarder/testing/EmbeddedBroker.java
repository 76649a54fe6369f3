package io.offboarder.testing;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A real Kafka broker (KRaft, one node) inside this JVM, with a log directory of its own. It keeps
 * its port and its data through {@link #restart()}.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private final BrokerFiles files;
  private KafkaRaftServer server;

  private EmbeddedBroker(BrokerFiles files) {
    this.files = files;
  }

  /**
   * The one that the tests of this JVM share, which is there until the JVM ends. Tests that stop or
   * fill their broker start one of their own; the others name topics and groups apart.
   */
  public static EmbeddedBroker shared() {
    return Shared.BROKER;
  }

  /** Starts a broker on a free port and waits until it serves. */
  public static EmbeddedBroker start() {
    return start(Map.of());
  }

  /** As {@link #start()}, with the caller's broker properties on top of the small defaults. */
  public static EmbeddedBroker start(Map<String, String> overrides) {
    EmbeddedBroker broker = new EmbeddedBroker(BrokerFiles.create(overrides));
    broker.startServer();
    return broker;
  }

  /**
   * Starts brokers that make up one cluster. The first is the controller too: stop another, and
   * close it last.
   */
  public static List<EmbeddedBroker> cluster(int count) {
    List<EmbeddedBroker> all =
        BrokerFiles.cluster(count).stream().map(EmbeddedBroker::new).toList();
    all.forEach(EmbeddedBroker::startServer);
    return all;
  }

  private void startServer() {
    server = new KafkaRaftServer(new KafkaConfig(files.properties()), Time.SYSTEM);
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
    return files.bootstrapServers();
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
    files.delete();
  }

  private static final class Shared {
    static final EmbeddedBroker BROKER = start();

    static {
      Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close, "shared-broker-close"));
    }
  }
}
