package io.offboarder.chaos;

import java.time.Duration;

/**
 * How much chaos.
 *
 * @param seed of the events and of the schedule
 * @param events how many are published
 * @param instances how many run in the group
 * @param publishing the time over which events are published and things go wrong
 * @param instanceKills how many instances are killed
 * @param brokerKills how often the broker is killed
 * @param patience how long, once everything works again, the last outcome is waited for
 */
record ChaosSize(
    long seed,
    int events,
    int instances,
    Duration publishing,
    int instanceKills,
    int brokerKills,
    Duration patience) {

  /** What the system properties {@code offboarder.chaos.*} say; a run of under a minute if none. */
  static ChaosSize fromSystemProperties() {
    double minutes = Double.parseDouble(System.getProperty("offboarder.chaos.minutes", "0.35"));
    return new ChaosSize(
        Long.getLong("offboarder.chaos.seed", 20_261_123L),
        Integer.getInteger("offboarder.chaos.events", 600),
        Integer.getInteger("offboarder.chaos.instances", 3),
        Duration.ofMillis((long) (minutes * 60_000)),
        Integer.getInteger(
            "offboarder.chaos.instance-kills", Math.max(2, (int) Math.round(minutes * 3))),
        Integer.getInteger("offboarder.chaos.broker-kills", Math.max(1, (int) minutes)),
        Duration.ofSeconds(Integer.getInteger("offboarder.chaos.patience-seconds", 120)));
  }
}
