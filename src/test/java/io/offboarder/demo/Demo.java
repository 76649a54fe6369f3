package io.offboarder.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.cli.Terminal;
import io.offboarder.event.Execution;
import io.offboarder.guard.GuardSettings;
import io.offboarder.policy.PolicySettings;
import io.offboarder.policy.PolicySettings.TimingSettings;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.SandboxSettings.Latency;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.service.ServiceSettings;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Shows the main job: a real Kafka broker in this JVM, the sandbox over real HTTP, the real service
 * and its commands; a small company's events go in, outcomes come out. Exits with 0 only if every
 * outcome and everything left in the sandbox is what it should be.
 */
public final class Demo {
  private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private final Patience patience;
  private final Company company;
  private final WebexSandbox sandbox;
  private final Staff staff;
  private final Auditor auditor;
  private final Operator operator;

  private Demo(Patience patience, Company company, WebexSandbox sandbox) {
    Terminal terminal = Terminal.ofProcess(System.getenv());
    this.patience = patience;
    this.company = company;
    this.sandbox = sandbox;
    this.staff = new Staff(sandbox);
    this.auditor = new Auditor(company, patience, terminal);
    Map<String, String> environment = new HashMap<>(company.environment());
    environment.put("OFFBOARDER_POLICY_GUARD_TERMINATIONS", String.valueOf(WrongImport.LIMIT));
    this.operator = new Operator(patience, terminal, environment);
  }

  /** Runs the demo; takes no arguments. */
  public static void main(String[] args) throws IOException {
    boolean asExpected;
    Vertx vertx = Vertx.vertx();
    Patience patience = new Patience(OUT, Duration.ofSeconds(4));
    patience.show("Starting a Kafka broker, a Webex sandbox and Offboarder …");
    patience.with("the broker starts");
    Path protectedFile = Files.createTempFile("protected", ".yaml");
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Files.writeString(
          protectedFile, "persons: {addresses: [" + SmallCompany.PROTECTED + "*@acme.example]}\n");
      patience.with("topics are created, the service joins its group");
      WebexSandbox sandbox =
          WebexSandbox.start(
                  vertx,
                  SandboxSettings.defaults()
                      .withLatency(new Latency(Duration.ofMillis(20), Duration.ofMillis(80))))
              .await();
      Company company = Company.on(broker.bootstrapServers(), "acme");
      patience.show("  Kafka    " + broker.bootstrapServers());
      patience.show("  sandbox  " + sandbox.baseUrl());
      patience.show("");
      vertx
          .deployVerticle(new OffboardingVerticle(settings(company, sandbox, protectedFile)))
          .await();
      patience.with("outcomes are on their way");
      asExpected = new Demo(patience, company, sandbox).run();
      patience.with("everything stops");
      vertx.close().await();
    } finally {
      Files.delete(protectedFile);
    }
    System.exit(asExpected ? 0 : 1);
  }

  private static ServiceSettings settings(
      Company company, WebexSandbox sandbox, Path protectedFile) {
    return company.service(sandbox, Map.of()).toBuilder()
        .policy(
            new PolicySettings(TimingSettings.defaults(), List.of(), protectedFile, Execution.REAL))
        .guard(new GuardSettings(WrongImport.LIMIT, 10, Duration.ofHours(1), false))
        .build();
  }

  private boolean run() {
    SmallCompany day = SmallCompany.in(sandbox, staff);
    patience.show(day.story());
    day.tell(auditor);
    day.publishTo(company);
    auditor.awaitExpected();

    patience.show(LastDays.story());
    LastDays.play(staff, operator, auditor);

    patience.show(WrongImport.story());
    WrongImport.play(staff, company, operator, auditor);

    return isAsExpected();
  }

  private boolean isAsExpected() {
    int events =
        company.topics().committed(company.terminated()).size()
            + company.topics().committed(company.decommissioned()).size();
    List<String> faults = auditor.faults(events);
    Set<SandboxAuthorization> left = Set.copyOf(sandbox.live());
    Set<SandboxAuthorization> lost =
        sandbox.deletions().stream()
            .map(one -> one.authorization())
            .filter(staff::mustStay)
            .collect(Collectors.toSet());
    boolean leftAsExpected = lost.isEmpty() && left.stream().allMatch(staff::mustStay);

    patience.show("In the end");
    patience.show("  events                  " + events);
    summarise("final outcomes", Auditor::isFinal);
    summarise("interim outcomes", one -> !Auditor.isFinal(one));
    patience.show("  authorizations revoked  " + sandbox.deletions().size());
    patience.show("  time to revoke          " + times());
    patience.show(
        "  still live              "
            + left.size()
            + (leftAsExpected
                ? ", exactly those of who stays:"
                : ", NOT as they should be; lost: " + lost + ", left:"));
    left.stream()
        .collect(
            Collectors.groupingBy(
                one -> staff.emailOf(one.personId()) + "  " + one.applicationName(),
                TreeMap::new,
                Collectors.groupingBy(
                    SandboxAuthorization::type, TreeMap::new, Collectors.counting())))
        .forEach((holder, byType) -> patience.show("    " + holder + "  " + counted(byType)));
    faults.forEach(fault -> patience.show("  NOT as it should be: " + fault));
    return leftAsExpected && faults.isEmpty();
  }

  private void summarise(String name, Predicate<JsonNode> which) {
    Map<String, Long> byStatus =
        auditor.outcomes().stream()
            .filter(which)
            .collect(Collectors.groupingBy(Auditor::status, TreeMap::new, Collectors.counting()));
    long sum = byStatus.values().stream().mapToLong(Long::longValue).sum();
    patience.show("  %-22s  %d".formatted(name, sum));
    byStatus.forEach((status, count) -> patience.show("    %-20s  %2d".formatted(status, count)));
  }

  private String times() {
    long[] millis =
        auditor.outcomes("revoked").stream()
            .mapToLong(one -> one.path("timing").path("timeToRevokeMs").asLong())
            .sorted()
            .toArray();
    return "p50 %d ms, max %d ms".formatted(millis[millis.length / 2], millis[millis.length - 1]);
  }

  private static <T> String counted(Map<T, Long> byKind) {
    return byKind.entrySet().stream()
        .map(kind -> kind.getValue() + " " + kind.getKey())
        .collect(Collectors.joining(", "));
  }
}
