package io.offboarder.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offboarder.cli.OutcomeTable;
import io.offboarder.cli.Terminal;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.SandboxSettings.Latency;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Schemas;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Shows the main job: a real Kafka broker in this JVM, the sandbox over real HTTP, the real
 * service; a small company's events go in, outcomes come out. Exits with 0 only if every outcome
 * and everything left in the sandbox is what it should be.
 */
public final class Demo {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Demo() {}

  /** Runs the demo; takes no arguments. */
  public static void main(String[] args) {
    boolean asExpected;
    Vertx vertx = Vertx.vertx();
    OUT.println("Starting a Kafka broker, a Webex sandbox and Offboarder …");
    Patience patience = new Patience(OUT, Duration.ofSeconds(5));
    patience.with("the broker starts");
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      patience.with("topics are created, the service joins its group");
      WebexSandbox sandbox =
          WebexSandbox.start(
                  vertx,
                  SandboxSettings.defaults()
                      .withLatency(new Latency(Duration.ofMillis(20), Duration.ofMillis(80))))
              .await();
      Company company = Company.on(broker.bootstrapServers(), "acme");
      OUT.println("  Kafka    " + broker.bootstrapServers());
      OUT.println("  sandbox  " + sandbox.baseUrl());
      vertx.deployVerticle(new OffboardingVerticle(company.service(sandbox, Map.of()))).await();
      patience.with("outcomes are on their way");
      asExpected = new Demo().run(company, sandbox);
      patience.with("everything stops");
      vertx.close().await();
    }
    System.exit(asExpected ? 0 : 1);
  }

  private boolean run(Company company, WebexSandbox sandbox) {
    SmallCompany people = SmallCompany.in(sandbox);
    OUT.printf(
        "%n%d people hold %d authorizations. HR and the platform team publish %d events, one of"
            + " them twice.%nMeanwhile the API %s.%n%n",
        sandbox.people().size(),
        sandbox.live().size(),
        people.expectedStatuses().size(),
        SmallCompany.TROUBLE);
    people.publishTo(company);
    List<JsonNode> outcomes = show(company, people.expectedStatuses().size());
    return summarise(outcomes, people, sandbox);
  }

  private static List<JsonNode> show(Company company, int expected) {
    Terminal terminal = Terminal.ofProcess(System.getenv());
    OutcomeTable table = new OutcomeTable(terminal.columns(), terminal.colours());
    OUT.println(table.header());
    List<JsonNode> shown = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    company
        .topics()
        .committed(
            company.outcomes(),
            all -> {
              for (ConsumerRecord<byte[], byte[]> record : all) {
                if (seen.add(record.partition() + "@" + record.offset())) {
                  Schemas.assertValidOutcome(record.value());
                  JsonNode outcome = parse(record.value());
                  shown.add(outcome);
                  OUT.println(table.row(outcome));
                }
              }
              return shown.size() >= expected;
            },
            PATIENCE);
    return shown;
  }

  private static JsonNode parse(byte[] value) {
    try {
      return JSON.readTree(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> String counted(Map<T, Long> byKind) {
    return byKind.entrySet().stream()
        .map(kind -> kind.getValue() + " " + kind.getKey())
        .collect(Collectors.joining(", "));
  }

  private static boolean summarise(
      List<JsonNode> outcomes, SmallCompany people, WebexSandbox sandbox) {
    Map<String, Long> byStatus =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(
                    o -> o.path("status").asText(), TreeMap::new, Collectors.counting()));
    long[] revoked =
        outcomes.stream()
            .filter(o -> o.path("status").asText().equals("revoked"))
            .mapToLong(o -> o.path("timing").path("timeToRevokeMs").asLong())
            .sorted()
            .toArray();
    Set<SandboxAuthorization> left = Set.copyOf(sandbox.live());
    Set<SandboxAuthorization> expected = Set.copyOf(people.expectedToStay());
    List<String> statuses = outcomes.stream().map(o -> o.path("status").asText()).sorted().toList();
    boolean leftAsExpected = left.equals(expected);
    boolean statusesAsExpected =
        statuses.equals(people.expectedStatuses().stream().sorted().toList());
    OUT.printf("%n  events                  %d%n", people.expectedStatuses().size());
    OUT.printf("  outcomes                %d%n", outcomes.size());
    byStatus.forEach((status, count) -> OUT.printf("    %-20s  %2d%n", status, count));
    OUT.printf("  authorizations revoked  %d%n", sandbox.deletions().size());
    OUT.printf(
        "  time to revoke          p50 %d ms, max %d ms%n",
        revoked.length == 0 ? 0 : revoked[revoked.length / 2],
        revoked.length == 0 ? 0 : revoked[revoked.length - 1]);
    OUT.printf(
        "  still live              %d, %s%n",
        left.size(),
        leftAsExpected ? "exactly those that no event named:" : "NOT as they should be:");
    left.stream()
        .collect(
            Collectors.groupingBy(
                one -> people.emailOf(one.personId()) + "  " + one.applicationName(),
                TreeMap::new,
                Collectors.groupingBy(
                    SandboxAuthorization::type, TreeMap::new, Collectors.counting())))
        .forEach((holder, byType) -> OUT.println("    " + holder + "  " + counted(byType)));
    if (!statusesAsExpected) {
      OUT.println("  The outcomes are NOT as they should be: " + people.expectedStatuses());
    }
    return leftAsExpected && statusesAsExpected;
  }
}
