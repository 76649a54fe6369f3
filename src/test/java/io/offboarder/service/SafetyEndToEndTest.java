package io.offboarder.service;

import static io.offboarder.testing.Company.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Execution;
import io.offboarder.policy.PolicySettings;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxAuthorization;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.testing.ServiceFixture;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What must not be touched")
class SafetyEndToEndTest {
  @RegisterExtension private final ServiceFixture fixture = ServiceFixture.of("safe");

  @TempDir Path directory;

  @Test
  @DisplayName("a protected person is skipped, and a protected client's authorizations are spared")
  void protectedList() throws IOException {
    SandboxPerson boss = fixture.sandbox().addPerson("boss@example.com");
    SandboxPerson glass = fixture.sandbox().addPerson("break-glass-1@example.com");
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    SandboxApp slides = fixture.sandbox().newApp("Slides");
    SandboxApp device = fixture.sandbox().newApp("Webex room device");
    List<SandboxAuthorization> kept = new ArrayList<>();
    kept.addAll(fixture.sandbox().authorize(boss, slides, 1));
    kept.addAll(fixture.sandbox().authorize(glass, slides, 1));
    kept.addAll(fixture.sandbox().authorize(ann, device, 2));
    fixture.sandbox().authorize(ann, slides, 2);
    deploy(
        """
        persons: {ids: [%s], addresses: [break-glass-*@example.com]}
        clients: {names: [webex*device]}
        """
            .formatted(boss.id()));

    publish("e1", Map.of("personId", boss.id()));
    publish("e2", Map.of("personEmail", "boss@example.com"));
    publish("e3", Map.of("personEmail", "BREAK-GLASS-1@example.com"));
    publish("e4", Map.of("personId", ann.id()));
    fixture
        .company()
        .publish(
            fixture.company().decommissioned(),
            event(
                "e5",
                "app-decommissioned",
                Map.of(
                    "clientId",
                    device.clientId(),
                    "orgId",
                    fixture.sandbox().orgId(),
                    "applicationName",
                    "Webex room device")));

    Map<String, JsonNode> outcomes = fixture.company().awaitOutcomes(5);
    for (String skipped : List.of("e1", "e2", "e3")) {
      assertThat(outcomes.get(skipped).path("status").asText()).isEqualTo("skipped");
      assertThat(outcomes.get(skipped).path("decision").path("code").asText())
          .isEqualTo("protected_person");
    }
    JsonNode anns = outcomes.get("e4");
    assertThat(anns.path("status").asText()).isEqualTo("revoked");
    assertThat(anns.path("verification").path("remaining").asInt()).isZero();
    assertThat(anns.path("verification").path("spared").asInt()).isEqualTo(3);
    assertThat(anns.path("authorizations").findValuesAsText("result"))
        .containsExactlyInAnyOrder(
            "spared",
            "spared",
            "spared",
            "revoked",
            "revoked_with_refresh",
            "revoked_with_refresh");
    assertThat(outcomes.get("e5").path("decision").path("code").asText())
        .isEqualTo("protected_client");
    assertThat(fixture.sandbox().live()).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(fixture.company().topics().committed(fixture.company().deadLetters())).isEmpty();
  }

  @Test
  @DisplayName("the app that Offboarder calls the API with is spared in a leaver's list")
  void ownClient() {
    SandboxSettings.SandboxCredentials known = fixture.sandbox().settings().credentials();
    SandboxPerson admin = fixture.sandbox().addPerson("admin@example.com");
    SandboxAuthorization own =
        fixture
            .sandbox()
            .authorizeAccessOnly(admin, new SandboxApp(known.clientId(), "Offboarder"));
    fixture.sandbox().authorize(admin, fixture.sandbox().newApp("Slides"), 1);
    Credentials renewed =
        new Credentials.RefreshToken(
            Secret.of(known.clientId()),
            Secret.of(known.clientSecret()),
            Secret.of(known.refreshToken()),
            null);
    fixture.deploy(
        fixture.company().service(fixture.sandbox(), Map.of(), PolicySettings.defaults(), renewed));

    publish("e1", Map.of("personId", admin.id()));

    JsonNode outcome = fixture.company().awaitOutcomes(1).get("e1");
    assertThat(outcome.path("status").asText()).isEqualTo("revoked");
    assertThat(fixture.sandbox().live()).containsExactly(own);
  }

  @Test
  @DisplayName(
      "a list that changes under load counts from three seconds on, and a broken one never")
  void changedUnderLoad() throws IOException {
    SandboxApp slides = fixture.sandbox().newApp("Slides");
    List<SandboxPerson> people =
        IntStream.range(0, 200)
            .mapToObj(i -> fixture.sandbox().addPerson("person-" + i + "@example.com"))
            .toList();
    people.forEach(person -> fixture.sandbox().authorize(person, slides, 0));
    OffboardingVerticle service = deploy("persons: {addresses: [person-1@example.com]}");
    publish(people.subList(0, 100));
    rewrite("persons: {addresses: [");
    await().until(() -> service.status().protectedFile().problem() != null);
    assertThat(service.status().protectedFile().list().persons()).isEqualTo(1);
    rewrite("persons: {addresses: [person-1@example.com, nobody@example.com, person-15*]}");
    await().until(() -> service.status().protectedFile().list().persons() == 3);
    publish(people.subList(100, 200));

    Map<String, JsonNode> outcomes = fixture.company().awaitOutcomes(200);
    assertThat(
            outcomes.values().stream()
                .filter(outcome -> outcome.path("status").asText().equals("skipped"))
                .map(outcome -> outcome.path("subject").path("personEmail").asText()))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.concat(IntStream.of(1), IntStream.range(150, 160))
                .mapToObj(i -> "person-" + i + "@example.com")
                .toList());
    assertThat(fixture.sandbox().live()).hasSize(11);
  }

  @Test
  @DisplayName("a dry run deletes nothing and names exactly what the real run then deletes")
  void dryRun() throws IOException {
    Random random = new Random(23);
    List<SandboxApp> apps =
        IntStream.range(0, 6).mapToObj(i -> fixture.sandbox().newApp("App " + i)).toList();
    List<SandboxPerson> people =
        IntStream.range(0, 60)
            .mapToObj(i -> fixture.sandbox().addPerson("person-" + i + "@example.com"))
            .toList();
    for (SandboxPerson person : people) {
      for (SandboxApp app : apps) {
        int kind = random.nextInt(4);
        if (kind == 1) {
          fixture.sandbox().authorizeAccessOnly(person, app);
        } else if (kind > 1) {
          fixture.sandbox().authorize(person, app, random.nextInt(4));
        }
      }
    }
    deploy("{persons: {addresses: [person-1*]}, clients: {names: [App 3]}}");
    Set<String> all = ids(fixture.sandbox().live());

    people.forEach(person -> publish("dry", person, Map.of("dryRun", "true")));
    Map<String, JsonNode> dry = fixture.company().awaitOutcomes(people.size());
    assertThat(ids(fixture.sandbox().live())).isEqualTo(all);
    assertThat(fixture.sandbox().requests(Operation.DELETE)).isZero();
    Set<String> named = named(dry.values(), "would_be_revoked");
    assertThat(named(dry.values(), "revoked", "already_gone", "revoked_with_refresh")).isEmpty();

    people.forEach(person -> publish("real", person, Map.of()));
    Map<String, JsonNode> both = fixture.company().awaitOutcomes(2 * people.size());
    Set<String> deleted = new HashSet<>(all);
    deleted.removeAll(ids(fixture.sandbox().live()));
    assertThat(named).isEqualTo(deleted).hasSizeGreaterThan(100);
    for (SandboxPerson person : people) {
      JsonNode asked = both.get("dry-" + person.email());
      JsonNode done = both.get("real-" + person.email());
      boolean skipped = person.email().startsWith("person-1");
      assertThat(asked.path("status").asText()).isEqualTo(skipped ? "skipped" : "dry_run");
      assertThat(named(List.of(asked), "would_be_revoked"))
          .isEqualTo(named(List.of(done), "revoked", "revoked_with_refresh"));
      assertThat(named(List.of(asked), "spared")).isEqualTo(named(List.of(done), "spared"));
    }
  }

  @Test
  @DisplayName(
      "a service in dry-run mode deletes nothing whatever events say, and of an app says why")
  void dryRunMode() {
    SandboxPerson ann = fixture.sandbox().addPerson("ann@example.com");
    SandboxApp slides = fixture.sandbox().newApp("Slides");
    List<SandboxAuthorization> kept = fixture.sandbox().authorize(ann, slides, 2);
    PolicySettings usual = PolicySettings.defaults();
    fixture.deploy(
        fixture.settings().toBuilder()
            .policy(
                new PolicySettings(usual.timing(), usual.ignoredTypes(), null, Execution.DRY_RUN))
            .build());

    publish("e1", Map.of("personId", ann.id(), "dryRun", "false"));
    fixture
        .company()
        .publish(
            fixture.company().decommissioned(),
            event(
                "e2",
                "app-decommissioned",
                Map.of("clientId", slides.clientId(), "orgId", fixture.sandbox().orgId())));

    Map<String, JsonNode> outcomes = fixture.company().awaitOutcomes(2);
    assertThat(outcomes.get("e1").path("status").asText()).isEqualTo("dry_run");
    assertThat(outcomes.get("e1").path("decision").path("code").asText()).isEqualTo("dry_run");
    assertThat(outcomes.get("e1").path("verification").path("remaining").asInt()).isEqualTo(3);
    assertThat(outcomes.get("e2").path("status").asText()).isEqualTo("dry_run");
    assertThat(outcomes.get("e2").path("notes").get(0).asText()).contains("no app's");
    assertThat(fixture.sandbox().live()).containsExactlyInAnyOrderElementsOf(kept);
    assertThat(fixture.sandbox().requests(Operation.DELETE_BY_CLIENT)).isZero();
  }

  private void publish(String prefix, SandboxPerson person, Map<String, String> more) {
    Map<String, String> data = new HashMap<>(more);
    data.put("personEmail", person.email());
    publish(prefix + "-" + person.email(), data);
  }

  private static Set<String> ids(List<SandboxAuthorization> authorizations) {
    return authorizations.stream().map(SandboxAuthorization::id).collect(Collectors.toSet());
  }

  private static Set<String> named(Collection<JsonNode> outcomes, String... results) {
    Set<String> named = new HashSet<>();
    for (JsonNode outcome : outcomes) {
      for (JsonNode one : outcome.path("authorizations")) {
        if (List.of(results).contains(one.path("result").asText())) {
          named.add(one.path("id").asText());
        }
      }
    }
    return named;
  }

  private OffboardingVerticle deploy(String protectedList) throws IOException {
    PolicySettings usual = PolicySettings.defaults();
    return fixture.deploy(
        fixture.settings().toBuilder()
            .policy(
                new PolicySettings(
                    usual.timing(), usual.ignoredTypes(), rewrite(protectedList), Execution.REAL))
            .build());
  }

  private Path rewrite(String protectedList) throws IOException {
    Path written = Files.writeString(directory.resolve("new.yaml"), protectedList);
    return Files.move(
        written, directory.resolve("protected.yaml"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void publish(String id, Map<String, String> person) {
    fixture.company().publish(fixture.company().terminated(), event(id, "user-terminated", person));
  }

  private void publish(List<SandboxPerson> people) {
    List<ObjectNode> events =
        people.stream()
            .map(
                person ->
                    event(person.id(), "user-terminated", Map.of("personEmail", person.email())))
            .toList();
    fixture.company().publish(fixture.company().terminated(), events);
  }
}
