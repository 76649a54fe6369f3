package io.offboarder.endurance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.testing.BrokerProcess;
import io.offboarder.testing.Company;
import io.offboarder.testing.Report;
import io.offboarder.testing.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@code QuotaPaceTest} shows in virtual time, once more with processes and by the clock. It
 * needs a machine with nothing else to do and minutes, so only {@code mvn -Pproof verify} runs it.
 */
@EnabledIfSystemProperty(named = "offboarder.quota.seconds", matches = "\\d+")
@DisplayName("The built jar, against an API with a quota,")
class QuotaIT {
  private static final int SECONDS = Integer.getInteger("offboarder.quota.seconds", 120);
  private static final int WARM = 10;
  private static final int AFTER = 40;
  private static final int PEOPLE = 1_000;

  /** What had been answered at an instant. */
  private record Answered(int accepted, int throttled) {
    static Answered by(Service service) {
      int accepted = 0;
      int throttled = 0;
      for (Map<Integer, Integer> byStatus : service.sandbox().requests().values()) {
        for (Map.Entry<Integer, Integer> one : byStatus.entrySet()) {
          if (one.getKey() == 429) {
            throttled += one.getValue();
          } else {
            accepted += one.getValue();
          }
        }
      }
      return new Answered(accepted, throttled);
    }

    int all() {
      return accepted + throttled;
    }
  }

  @ParameterizedTest(name = "{0} requests a second, then doubled")
  @ValueSource(ints = {20, 100, 500})
  @DisplayName("uses it, is hardly ever told 429, and notices when it is doubled")
  void usesTheQuota(int rate) throws InterruptedException {
    try (BrokerProcess broker = BrokerProcess.start();
        Service service =
            new Service(Company.on(broker.bootstrapServers(), "quota"), Duration.ofMillis(20))) {
      service.sandbox().allow(rate);
      publish(service, rate * (SECONDS + 2 * AFTER));
      service.run("one");
      await().atMost(Duration.ofMinutes(1)).until(() -> Answered.by(service).all() > 0);

      List<Answered> seconds = watch(service, rate);

      Answered last = seconds.get(SECONDS);
      Answered warm = seconds.get(WARM);
      double used = last.accepted() / (double) (rate * SECONDS);
      double warmUsed = (last.accepted() - warm.accepted()) / (double) (rate * (SECONDS - WARM));
      double throttled = (last.throttled() - warm.throttled()) / (double) (last.all() - warm.all());
      int noticed = noticed(seconds, 2 * rate);
      Report.of("An API that allows " + rate + " requests a second, then " + 2 * rate)
          .row("seconds", SECONDS)
          .row("of the quota used, %", 100 * used)
          .row("of the quota used after 10 s, %", 100 * warmUsed)
          .row("answered 429 after 10 s, %", 100 * throttled)
          .row("doubled quota used after, s", noticed)
          .publish();
      assertThat(used).isGreaterThanOrEqualTo(0.95);
      assertThat(throttled).isLessThanOrEqualTo(0.01);
      assertThat(noticed).isLessThanOrEqualTo(20);
    }
  }

  /** Looks every second, doubles the quota, and goes on looking for a while. */
  private static List<Answered> watch(Service service, int rate) throws InterruptedException {
    long began = System.nanoTime();
    List<Answered> seconds = new ArrayList<>();
    for (int second = 0; second <= SECONDS + AFTER; second++) {
      TimeUnit.NANOSECONDS.sleep(began + TimeUnit.SECONDS.toNanos(second) - System.nanoTime());
      seconds.add(Answered.by(service));
      if (second == SECONDS) {
        service.sandbox().allow(2 * rate);
      }
    }
    return seconds;
  }

  /** Seconds after the doubling until three in a row brought 95 % of it. */
  private static int noticed(List<Answered> seconds, int rate) {
    return IntStream.rangeClosed(SECONDS, SECONDS + AFTER - 3)
        .filter(
            second ->
                seconds.get(second + 3).accepted() - seconds.get(second).accepted()
                    >= 0.95 * 3 * rate)
        .map(second -> second - SECONDS)
        .findFirst()
        .orElse(Integer.MAX_VALUE);
  }

  private static void publish(Service service, int count) {
    List<SandboxPerson> people = service.hire(PEOPLE);
    List<ObjectNode> chunk = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunk.add(
          Company.event(
              "e" + i, "user-terminated", Map.of("personId", people.get(i % PEOPLE).id())));
      if (chunk.size() == 20_000 || i == count - 1) {
        service.company().publish(service.company().terminated(), chunk);
        chunk.clear();
      }
    }
  }
}
