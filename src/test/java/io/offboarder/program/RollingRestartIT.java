package io.offboarder.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.sandbox.Operation;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.JarProcess;
import io.offboarder.testing.Report;
import io.offboarder.testing.Service;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Three instances of the built jar, under load,")
class RollingRestartIT {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final int LEAVERS = 600;
  private static final int PER_SECOND = 50;

  @Test
  @DisplayName("go on while one is stopped in good order and started again, and repeat no request")
  void restart() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start();
        Service service =
            new Service(Company.on(broker.bootstrapServers(), "rolling"), Duration.ofMillis(100))) {
      service.run("one");
      JarProcess second = service.run("two");
      service.run("three");
      service.terminate(1);
      service.company().awaitOutcomeRecords(1);
      List<ObjectNode> events = service.leavers(LEAVERS - 1);
      CompletableFuture<Void> load = CompletableFuture.runAsync(() -> publish(service, events));
      awaitOutcomes(service, LEAVERS / 6);

      assertThat(second.terminate(SOON)).isZero();
      int before = service.company().topics().committed(service.company().outcomes()).size();
      service.run("two");
      load.get(SOON.toSeconds(), TimeUnit.SECONDS);

      List<ConsumerRecord<byte[], byte[]>> outcomes =
          service.company().awaitOutcomeRecords(LEAVERS);
      Report.of("One of three instances restarted under load")
          .row("events", LEAVERS)
          .row("a second", PER_SECOND)
          .row("outcomes before its end", before)
          .row("outcomes", outcomes.size())
          .row("lists sent, two for each needed", service.sandbox().requests(Operation.LIST))
          .row("deletes sent, one for each needed", service.sandbox().requests(Operation.DELETE))
          .publish();
      assertThat(before).isLessThan(LEAVERS);
      assertThat(outcomes)
          .hasSize(LEAVERS)
          .extracting(ConsumerRecord::value)
          .extracting(value -> Company.json(value).path("status").asText())
          .containsOnly("revoked");
      assertThat(service.sandbox().requests(Operation.DELETE)).isEqualTo(LEAVERS);
      assertThat(service.sandbox().requests(Operation.LIST)).isEqualTo(2 * LEAVERS);
    }
  }

  private static void awaitOutcomes(Service service, int count) {
    await()
        .atMost(SOON)
        .until(
            () ->
                service.company().topics().committed(service.company().outcomes()).size() >= count);
  }

  /** At an even rate. */
  private static void publish(Service service, List<ObjectNode> events) {
    for (int from = 0; from < events.size(); from += PER_SECOND) {
      service
          .company()
          .publish(
              service.company().terminated(),
              events.subList(from, Math.min(events.size(), from + PER_SECOND)));
      try {
        TimeUnit.SECONDS.sleep(1);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
