package io.offboarder.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** Something that goes wrong, or right again, at a time after the start of a run. */
sealed interface Mishap {
  /** When, counted from the start. */
  Duration at();

  /** {@code kill -9} of an instance. */
  record KillInstance(Duration at, int instance) implements Mishap {}

  /** Its restart, under the same name. */
  record RestartInstance(Duration at, int instance) implements Mishap {}

  /** {@code kill -9} of the broker. */
  record KillBroker(Duration at) implements Mishap {}

  /** Its restart, with the data that it left. */
  record RestartBroker(Duration at) implements Mishap {}

  /** The API misbehaves from now on. */
  record BeginFaults(Duration at, List<ApiTrouble> troubles) implements Mishap {}

  /** The API is well again. */
  record EndFaults(Duration at) implements Mishap {}

  /** What goes wrong during a run, in the order of time: the same for the same size and seed. */
  static List<Mishap> schedule(ChaosSize size, RandomGenerator random) {
    List<Mishap> all = new ArrayList<>();
    List<ApiTrouble> kinds = List.of(ApiTrouble.values());
    long span = size.publishing().toMillis();
    for (int i = 0; i < size.instanceKills(); i++) {
      // One in each slice of the time, so that kills are spread as well as random.
      Duration at = within(span * i / size.instanceKills(), span / size.instanceKills(), random);
      int instance = 1 + random.nextInt(size.instances());
      all.add(new KillInstance(at, instance));
      all.add(new RestartInstance(at.plusMillis(random.nextInt(3_000)), instance));
    }
    for (int i = 0; i < size.brokerKills(); i++) {
      Duration at = within(span * i / size.brokerKills(), span / size.brokerKills(), random);
      all.add(new KillBroker(at));
      all.add(new RestartBroker(at.plusMillis(random.nextInt(3_000))));
    }
    for (long t = random.nextInt(1_500); t < span; t += 1_000 + random.nextInt(3_000)) {
      List<ApiTrouble> troubles = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(2); i++) {
        troubles.add(kinds.get(random.nextInt(kinds.size())));
      }
      all.add(new BeginFaults(Duration.ofMillis(t), troubles));
      t += 500 + random.nextInt(3_000);
      all.add(new EndFaults(Duration.ofMillis(t)));
    }
    all.sort(Comparator.comparing(Mishap::at));
    return List.copyOf(all);
  }

  private static Duration within(long from, long length, RandomGenerator random) {
    return Duration.ofMillis(from + random.nextLong(Math.max(1, length)));
  }
}
