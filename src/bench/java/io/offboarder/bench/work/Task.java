package io.offboarder.bench.work;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of a contender; they travel as system properties {@code task.*}.
 *
 * @param api the base of the API, with {@code /v1}
 * @param caFile the certificate that is to be trusted, PEM; empty where the API has no TLS
 * @param concurrency requests in flight at any time
 * @param commitInterval how often a contender commits that does so by a timer
 */
public record Task(
    String bootstrapServers,
    String group,
    String input,
    String outcomes,
    URI api,
    Optional<Path> caFile,
    int concurrency,
    Duration commitInterval) {
  /** The token that the bench API takes. */
  public static final String TOKEN = "bench-token";

  /** What this process was told. */
  public static Task ofThisProcess() {
    return new Task(
        told("bootstrap"),
        told("group"),
        told("input"),
        told("outcomes"),
        URI.create(told("api")),
        Optional.of(told("ca")).filter(path -> !path.isEmpty()).map(Path::of),
        Integer.parseInt(told("concurrency")),
        Duration.ofMillis(Long.parseLong(told("commitMillis"))));
  }

  /** The system properties that tell a process this. */
  public Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    properties.put("task.bootstrap", bootstrapServers);
    properties.put("task.group", group);
    properties.put("task.input", input);
    properties.put("task.outcomes", outcomes);
    properties.put("task.api", api.toString());
    properties.put("task.ca", caFile.map(Path::toString).orElse(""));
    properties.put("task.concurrency", Integer.toString(concurrency));
    properties.put("task.commitMillis", Long.toString(commitInterval.toMillis()));
    return properties;
  }

  private static String told(String name) {
    String value = System.getProperty("task." + name);
    if (value == null) {
      throw new IllegalStateException("task." + name + " was missing, expected a system property");
    }
    return value;
  }

  /** The settings of a contender's consumer: commits are its own affair. */
  public Map<String, Object> consumer() {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers);
    config.put("group.id", group);
    config.put("auto.offset.reset", "earliest");
    config.put("enable.auto.commit", false);
    config.put("isolation.level", "read_committed");
    config.put("session.timeout.ms", 6_000);
    config.put("heartbeat.interval.ms", 1_000);
    return config;
  }

  /** The settings of a contender's producer: what is acknowledged is durable. */
  public Map<String, Object> producer() {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers);
    config.put("acks", "all");
    config.put("enable.idempotence", true);
    return config;
  }
}
