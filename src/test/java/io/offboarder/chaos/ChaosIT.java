package io.offboarder.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.chaos.SandboxControl.Deletion;
import io.offboarder.chaos.SandboxControl.Grant;
import io.offboarder.testing.Company;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The built jar as a group of processes, a broker process and a sandbox process, of which any but
 * the sandbox is killed at any time while the API misbehaves. Events, faults and the times of kills
 * come from a seed; {@link ChaosSize} has the system properties.
 */
class ChaosIT {
  private static final int MOST_SHOWN = 40;
  private static final Duration QUIET = Duration.ofSeconds(15);

  private final ChaosSize size = ChaosSize.fromSystemProperties();

  @Test
  @DisplayName(
      "whatever is killed and however the API misbehaves, every record has one outcome and no"
          + " outcome claims more than the truth")
  void chaos() throws Exception {
    System.out.println("Chaos: " + size);
    long began = System.nanoTime();
    try (Cast cast = Cast.enter(Path.of("target", "chaos", Long.toString(size.seed())))) {
      RandomGenerator random = new Random(size.seed());
      Workforce workforce = Workforce.hire(cast.sandbox(), size.events(), random);
      List<Grant> seeded = cast.sandbox().live();
      List<Mishap> schedule = Mishap.schedule(size, random);
      for (int i = 1; i <= size.instances(); i++) {
        cast.startInstance(i);
      }
      cast.awaitGroup(size.instances());

      List<Planned> events =
          new HrSystem(cast.company(), workforce, random)
              .events(size.events(), Instant.now(), size.publishing());
      CompletableFuture<Void> publishing =
          CompletableFuture.runAsync(() -> publish(cast.company(), events));
      perform(cast, schedule);
      cast.recover(size.instances());
      publishing.get(size.patience().toSeconds(), TimeUnit.SECONDS);

      List<ConsumerRecord<byte[], byte[]>> input = input(cast.company());
      awaitEnds(cast, input.size());
      cast.rollCall();
      // An orderly stop publishes what is finished, so a duplicate could still come of it.
      cast.stopInstances();
      Audit audit = new Audit(events, cast.markersDropped());
      audit.outcomes(input, cast.company().topics().committed(cast.company().outcomes()));
      audit.deadLetters(cast.company().topics().committed(cast.company().deadLetters()));
      List<Deletion> deleted = cast.sandbox().deletions();
      audit.truth(seeded, cast.sandbox().live(), deleted, foreign(cast, workforce));

      Duration wall = Duration.ofNanos(System.nanoTime() - began);
      JsonNode requests = cast.sandbox().get("requests");
      ChaosReport.of(
              size,
              input.size(),
              cast.counts(),
              audit,
              cast.kills(),
              requests,
              deleted.size(),
              wall)
          .publish();
      List<String> wrong = new ArrayList<>(cast.unexpected());
      wrong.addAll(audit.violations());
      if (!wrong.isEmpty()) {
        System.out.println("The broker's files are kept in " + cast.keepBrokerFiles());
      }
      int shown = Math.min(wrong.size(), MOST_SHOWN);
      assertThat(wrong.subList(0, shown))
          .as("%d violations; seed %d, schedule %s", wrong.size(), size.seed(), schedule)
          .isEmpty();
    }
  }

  private static void perform(Cast cast, List<Mishap> schedule) throws InterruptedException {
    long start = System.nanoTime();
    for (Mishap mishap : schedule) {
      TimeUnit.NANOSECONDS.sleep(mishap.at().toNanos() - (System.nanoTime() - start));
      cast.rollCall();
      cast.perform(mishap);
    }
  }

  /** Publishes at an even rate, also while the broker is away. */
  private void publish(Company company, List<Planned> events) {
    Properties config = new Properties();
    config.put(
        "bootstrap.servers", company.environment().get("OFFBOARDER_KAFKA_BOOTSTRAP_SERVERS"));
    config.put("max.block.ms", 120_000);
    config.put("delivery.timeout.ms", 120_000);
    config.put("request.timeout.ms", 5_000);
    long start = System.nanoTime();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Planned event : events) {
        long due = size.publishing().toNanos() * event.number() / events.size();
        TimeUnit.NANOSECONDS.sleep(due - (System.nanoTime() - start));
        sent.add(producer.send(event.record()));
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (Exception e) {
      throw new IllegalStateException("publishing failed", e);
    }
  }

  /** What is in the input topics, which may differ from what the publisher believes. */
  private static List<ConsumerRecord<byte[], byte[]>> input(Company company) {
    List<ConsumerRecord<byte[], byte[]>> all =
        new ArrayList<>(company.topics().committed(company.terminated()));
    all.addAll(company.topics().committed(company.decommissioned()));
    return all;
  }

  /** Waits for so many final outcomes, and until everybody revoked was looked at again. */
  private void awaitEnds(Cast cast, int count) {
    Ends ends = new Ends();
    try {
      cast.company()
          .topics()
          .eachCommitted(
              cast.company().outcomes(), ends::add, () -> ends.areThere(count), size.patience());
    } catch (AssertionError e) {
      cast.unexpected().add(e.getMessage() + ", " + ends);
    }
  }

  /** Which outcomes there are. */
  private static final class Ends {
    private final Set<String> revoked = new HashSet<>();

    /** Cases that were looked at for the last time, or that somebody has taken back. */
    private final Set<String> settled = new HashSet<>();

    private int finals;
    private long latest = System.nanoTime();

    void add(ConsumerRecord<byte[], byte[]> record) {
      JsonNode outcome = Company.json(record.value());
      latest = System.nanoTime();
      finals += outcome.path("final").asBoolean() ? 1 : 0;
      if (outcome.path("status").asText().equals("revoked")) {
        revoked.add(outcome.path("caseId").asText());
      }
      if (outcome.path("look").asInt() == DatedAudit.LOOKS) {
        settled.add(outcome.path("caseId").asText());
      }
      outcome.path("cases").forEach(one -> settled.add(one.path("caseId").asText()));
    }

    boolean areThere(int records) {
      // What a broker has torn (see Audit) may never be looked at again.
      boolean isQuiet = System.nanoTime() - latest > QUIET.toNanos();
      return finals >= records && (isQuiet || settled.containsAll(revoked));
    }

    @Override
    public String toString() {
      return finals + " final outcomes; revoked " + revoked.size() + ", settled " + settled.size();
    }
  }

  /** People of another org, whom the retirement of an app here does not touch. */
  private static Set<String> foreign(Cast cast, Workforce workforce) {
    Set<String> foreign = new HashSet<>();
    for (JsonNode person : cast.sandbox().get("people").path("people")) {
      if (!person.path("orgId").asText().equals(workforce.orgId())) {
        foreign.add(person.path("id").asText());
      }
    }
    return foreign;
  }
}
