package io.offboarder.testing;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.tools.StorageTool;

/**
 * What a broker (KRaft, one node) has on disk: its properties, and formatted storage in a directory
 * of its own.
 */
record BrokerFiles(Path directory, Path file, Properties properties, String bootstrapServers) {

  /** Formats a broker's storage as {@code kafka-storage.sh} does, and says with which exit code. */
  interface Formatter {
    int format(String... arguments) throws IOException;
  }

  /** Files for a broker of this class path. */
  static BrokerFiles create(Map<String, String> overrides) {
    return create(overrides, BrokerFiles::formatHere);
  }

  /**
   * Files for a broker on a free port, with these properties on top of the small defaults. What
   * they say of listeners comes beside the listeners that there are; the rest replaces.
   */
  static BrokerFiles create(Map<String, String> overrides, Formatter formatter) {
    try {
      Path directory = Files.createTempDirectory("offboarder-broker");
      int port = freePort();
      Map<String, String> settings = smallBroker(directory, port, freePort());
      overrides.forEach(
          (name, value) ->
              settings.merge(
                  name, value, (ours, theirs) -> isList(name) ? ours + "," + theirs : theirs));
      return format(directory, port, settings, formatter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Files for brokers of this class path that make up one cluster. The first is the controller too,
   * so it has to be there while any other is to be.
   */
  static List<BrokerFiles> cluster(int count) {
    List<BrokerFiles> all = new ArrayList<>();
    int controllerPort = freePort();
    try {
      for (int id = 1; id <= count; id++) {
        Path directory = Files.createTempDirectory("offboarder-broker");
        int port = freePort();
        Map<String, String> settings = smallBroker(directory, port, controllerPort);
        settings.put("node.id", Integer.toString(id));
        if (id > 1) {
          settings.put("process.roles", "broker");
          settings.put("listeners", "PLAINTEXT://localhost:" + port);
        }
        settings.put("offsets.topic.replication.factor", Integer.toString(count));
        settings.put("transaction.state.log.replication.factor", Integer.toString(count));
        all.add(format(directory, port, settings, BrokerFiles::formatHere));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static int formatHere(String... arguments) {
    return StorageTool.execute(
        arguments, new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8));
  }

  private static BrokerFiles format(
      Path directory, int port, Map<String, String> settings, Formatter formatter)
      throws IOException {
    Path file = directory.resolve("server.properties");
    Files.writeString(
        file,
        settings.entrySet().stream()
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining("\n")));
    int code = formatter.format("format", "-t", "4L6g3nShT-eMCtK--X86sw", "-c", file.toString());
    if (code != 0) {
      throw new IllegalStateException("formatting the broker's storage ended with " + code);
    }
    Properties properties = new Properties();
    properties.putAll(settings);
    return new BrokerFiles(directory, file, properties, "localhost:" + port);
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

  private static boolean isList(String name) {
    return name.equals("listeners") || name.equals("listener.security.protocol.map");
  }

  void delete() {
    try (Stream<Path> all = Files.walk(directory)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
