package io.offboarder.config;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Kafka client settings that are not the user's to choose: most because exactly-once rests on them,
 * some because another setting says the same.
 */
final class GovernedProperties {
  /**
   * What may be said, because it is what happens anyway, and what governs.
   *
   * @param harmless values that change nothing
   */
  private record Governed(Set<String> harmless, String by) {}

  private static final Map<String, Governed> ALL =
      new TreeMap<>(
          Map.ofEntries(
              entry("group.id", new Governed(Set.of(), "is set by offboarder.kafka.group-id")),
              entry(
                  "group.instance.id",
                  new Governed(
                      Set.of(),
                      "is not used: an instance is told by offboarder.instance-id, and leaves its"
                          + " group at once")),
              entry(
                  "transactional.id",
                  new Governed(
                      Set.of(),
                      "is made of offboarder.kafka.group-id and offboarder.instance-id, so set"
                          + " those")),
              entry(
                  "enable.auto.commit",
                  new Governed(
                      Set.of("false"), "is always false: offsets go out with the outcomes")),
              entry(
                  "isolation.level",
                  new Governed(Set.of("read_committed"), "is always read_committed")),
              entry(
                  "enable.idempotence",
                  new Governed(Set.of("true"), "is always true: outcomes are transactional")),
              entry(
                  "acks",
                  new Governed(Set.of("all", "-1"), "is always all: outcomes are transactional")),
              entry("key.serializer", bytes()),
              entry("value.serializer", bytes()),
              entry("key.deserializer", bytes()),
              entry("value.deserializer", bytes())));

  private GovernedProperties() {}

  private static Governed bytes() {
    return new Governed(Set.of(), "is always bytes: the program reads and writes events itself");
  }

  /** What is wrong with setting a property to a value, in words that end a sentence, or null. */
  static @Nullable String fault(String name, String value, String bootstrapServers) {
    if (name.equals("bootstrap.servers")) {
      return value.strip().equals(bootstrapServers.strip())
          ? null
          : "is set by offboarder.kafka.bootstrap-servers";
    }
    Governed governed = ALL.get(name);
    return governed == null || governed.harmless().contains(value.strip()) ? null : governed.by();
  }
}
