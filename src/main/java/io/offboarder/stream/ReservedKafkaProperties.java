package io.offboarder.stream;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Kafka client settings that are not the caller's to choose, because exactly-once rests on
 * them: {@link StreamSettings} refuses them. Saying what happens in any case is allowed.
 */
public final class ReservedKafkaProperties {
  /**
   * Why a setting is reserved.
   *
   * @param harmless values that change nothing
   * @param reason why no other value is taken, in words that follow the setting's name
   */
  private record Reservation(Set<String> harmless, String reason) {}

  private static final Reservation BYTES =
      new Reservation(Set.of(), "is always bytes: keys and values are passed on as they are");

  private static final Map<String, Reservation> RESERVED =
      Map.ofEntries(
          entry("group.id", new Reservation(Set.of(), "is the group that the stream is given")),
          entry(
              "group.instance.id",
              new Reservation(Set.of(), "is not used: an instance leaves its group at once")),
          entry(
              "transactional.id",
              new Reservation(Set.of(), "is made of the group and the instance's name")),
          entry(
              "enable.auto.commit",
              new Reservation(
                  Set.of("false"), "is always false: offsets are committed with the results")),
          entry(
              "isolation.level",
              new Reservation(Set.of("read_committed"), "is always read_committed")),
          entry(
              "enable.idempotence",
              new Reservation(
                  Set.of("true"), "is always true: results are published in transactions")),
          entry(
              "acks",
              new Reservation(
                  Set.of("all", "-1"), "is always all: results are published in transactions")),
          entry(
              "transaction.two.phase.commit.enable",
              new Reservation(
                  Set.of("false"), "is always false: no other party prepares a transaction")),
          entry("key.serializer", BYTES),
          entry("value.serializer", BYTES),
          entry("key.deserializer", BYTES),
          entry("value.deserializer", BYTES));

  private ReservedKafkaProperties() {}

  /** The names of all reserved settings. */
  public static Set<String> names() {
    return RESERVED.keySet();
  }

  /**
   * Why a setting may not have a value.
   *
   * @param name Kafka's own name of the setting
   * @return words that follow the setting's name, such as "is always all"; empty if it may
   */
  public static Optional<String> refusal(String name, String value) {
    return Optional.ofNullable(RESERVED.get(name))
        .filter(reservation -> !reservation.harmless().contains(value.strip()))
        .map(Reservation::reason);
  }
}
