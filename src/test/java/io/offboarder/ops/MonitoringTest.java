package io.offboarder.ops;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.offboarder.intake.IntakeRules;
import io.offboarder.kafka.KafkaSettings;
import io.offboarder.sandbox.Fault;
import io.offboarder.sandbox.Fault.Effect;
import io.offboarder.sandbox.Operation;
import io.offboarder.sandbox.SandboxPerson;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.service.EventTracing;
import io.offboarder.service.IntakeSettings;
import io.offboarder.service.OffboardingVerticle;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.webhook.EndpointReader;
import io.offboarder.webhook.Endpoints;
import io.offboarder.webhook.WebhookServer;
import io.offboarder.webhook.WebhookSettings;
import io.offboarder.webhook.WebhookSettings.Limits;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** One service at work; its scrape is what every page and file about monitoring is held against. */
@DisplayName("What operators see")
class MonitoringTest {
  private static final Path RULES = Path.of("monitoring/prometheus/offboarder-rules.yml");
  private static final Path RULES_TEST = Path.of("monitoring/prometheus/offboarder-rules-test.yml");
  private static final Path DASHBOARD = Path.of("monitoring/grafana/dashboards/offboarder.json");
  private static final Pattern METRIC =
      Pattern.compile("\\b(?:offboarder|kafka|jvm|vertx)_[a-z_]+\\b");
  private static final PrometheusMeterRegistry REGISTRY =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private static final Vertx VERTX = VertxMetrics.vertx(REGISTRY);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();
  private static ManagementServer server;
  private static String scrape;

  /** Of a process that takes webhooks. */
  private static String webhooks;

  @BeforeAll
  static void work() throws Exception {
    WebexSandbox sandbox = WebexSandbox.start(VERTX, SandboxSettings.defaults()).await();
    Company company = Company.on(BROKER.bootstrapServers(), "monitored");
    ServiceMetrics metrics = new ServiceMetrics(REGISTRY);
    IntakeRules rules =
        IntakeRules.read("[{name: other-kinds, when: $exists(kind), action: ignore}]", "intake");
    OffboardingVerticle service =
        new OffboardingVerticle(
            company.service(sandbox, Map.of()).toBuilder()
                .intake(new IntakeSettings(rules, null))
                .build(),
            Clock.systemUTC(),
            metrics,
            EventTracing.NONE);
    server = new ManagementServer(service, metrics, ManagementSettings.plain("127.0.0.1", 0));
    VERTX.deployVerticle(service).await();
    VERTX.deployVerticle(server).await();
    SandboxPerson ann = sandbox.addPerson("ann@example.com");
    sandbox.authorize(ann, sandbox.newApp("Slides"), 2);
    sandbox.script(Fault.of(Effect.Status.of(503)).on(Operation.LIST).times(1));

    company.publish(
        company.terminated(), Company.event("e1", "user-terminated", Map.of("personId", ann.id())));
    company.publish(company.terminated(), "key", "garbage".getBytes(UTF_8));
    company.publish(company.terminated(), "key", "{\"kind\":\"moved\"}".getBytes(UTF_8));
    company.awaitOutcomes(2);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> get("/metrics").body(),
            text ->
                text.contains("offboarder_partition_lag{")
                    && text.contains("offboarder_intake_ignored_total{"));
    scrape = get("/metrics").body();
    webhooks = webhooks(company.terminated());
  }

  private static String webhooks(String topic) throws Exception {
    Path secret = Files.writeString(Files.createTempFile("hook", ".secret"), "not-guessed");
    Endpoints endpoints =
        EndpointReader.read(
            "[{path: /hr, topic: %s, verify: bearer, secret-file: %s}]".formatted(topic, secret),
            "webhooks.endpoints");
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    WebhookServer taking =
        new WebhookServer(
            new WebhookSettings(
                "127.0.0.1",
                0,
                null,
                new Limits(1_000, 4, 4, 100, Duration.ofSeconds(2), Duration.ofSeconds(2)),
                new KafkaSettings(BROKER.bootstrapServers(), Map.of(), Duration.ofSeconds(10)),
                endpoints,
                null),
            Duration.ofSeconds(1),
            registry,
            Clock.systemUTC());
    VERTX.deployVerticle(taking).await();
    URI uri = URI.create("http://127.0.0.1:" + taking.port() + "/nowhere");
    HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    return registry.scrape();
  }

  @AfterAll
  static void stop() {
    VERTX.close().await();
  }

  @Test
  @DisplayName("count what happened")
  void counts() {
    assertThat(scrape)
        .contains(
            "offboarder_events_total{status=\"revoked\",type=\"user-terminated\"} 1.0",
            "offboarder_events_total{status=\"rejected\",type=\"unknown\"} 1.0",
            "offboarder_authorizations_total{result=\"revoked\"} 1.0",
            "offboarder_authorizations_total{result=\"revoked_with_refresh\"} 2.0",
            "offboarder_dead_letters_total{status=\"rejected\"} 1.0",
            "offboarder_time_to_revoke_seconds_count{since=\"arrival\"} 1",
            "offboarder_time_to_revoke_seconds_count{since=\"event\"} 1",
            "offboarder_api_requests_seconds_count{operation=\"list\",status=\"503\"} 1",
            "offboarder_api_retries_total{operation=\"list\"} 1.0",
            "offboarder_intake_ignored_total{rule=\"other-kinds\"} 1.0",
            "offboarder_ready 1.0",
            "offboarder_events_total{status=\"failed\",type=\"user-terminated\"} 0.0",
            "offboarder_api_state{state=\"open\"} 1.0");
    assertThat(webhooks)
        .contains(
            "offboarder_webhook_requests_total{endpoint=\"/hr\",result=\"unauthenticated\"} 0.0",
            "offboarder_webhook_requests_total{endpoint=\"none\",result=\"not_found\"} 1.0");
    assertThat(scrape)
        .containsPattern("offboarder_transactions_seconds_count\\{end=\"committed\"} [1-9]");
    assertThat(scrape)
        .contains(
            "kafka_consumer_", "kafka_producer_", "jvm_memory_used_bytes", "vertx_http_server_");
  }

  @Test
  @DisplayName("count what waits in Kafka and here, and how long ago Kafka took it in")
  void backlog() {
    assertThat(scrape)
        .contains("offboarder_partition_backlog{", "offboarder_partition_oldest_age_seconds{")
        .containsPattern("offboarder_kafka_silence_seconds [0-9]\\.");
  }

  @Test
  @DisplayName("name nobody, and no secret")
  void discreet() {
    assertThat(scrape).doesNotContain("ann@example.com", "Bearer", "sandbox-access-token");
  }

  @Test
  @DisplayName("are all in docs/METRICS.md, and nothing else is")
  void documented() throws IOException {
    Set<String> documented =
        Pattern.compile("^\\| `(offboarder_\\w+)`", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("docs/METRICS.md")))
            .results()
            .map(result -> result.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> families =
        samples().stream()
            .filter(name -> name.startsWith("offboarder_"))
            .map(name -> name.replaceFirst("_seconds_(bucket|count|sum|max)$", "_seconds"))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(families).isEqualTo(documented);
  }

  @Test
  @DisplayName("explain themselves in the scrape")
  void explained() {
    assertThat(scrape.lines().filter(line -> line.startsWith("# HELP offboarder_")))
        .isNotEmpty()
        .allSatisfy(line -> assertThat(line).matches("# HELP \\S+ +\\S.{15,}"));
  }

  @Test
  @DisplayName("are what the rules and the dashboard ask for")
  void filesAskForWhatThereIs() throws IOException {
    for (Path file : List.of(RULES, DASHBOARD)) {
      Set<String> named =
          METRIC
              .matcher(Files.readString(file))
              .results()
              .map(MatchResult::group)
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(named).as(file.toString()).isNotEmpty();
      assertThat(samples()).as(file.toString()).containsAll(named);
    }
  }

  @Test
  @DisplayName("raise each alert when they should, says promtool")
  void alerts() throws Exception {
    boolean installed =
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(directory -> Files.isExecutable(Path.of(directory, "promtool")));
    if (!installed) {
      String untested =
          "NOT TESTED: whether the alerts fire. promtool is not on the PATH; Debian's package is \"prometheus\".";
      assertThat(System.getenv("CI")).as(untested).isNotEqualTo("true");
      System.err.println(untested);
      assumeThat(installed).as(untested).isTrue();
    }
    Process promtool =
        new ProcessBuilder("promtool", "test", "rules", RULES_TEST.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(promtool.getInputStream().readAllBytes(), UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
  }

  @Test
  @DisplayName("raise no alert that the runbook does not explain")
  void runbook() throws IOException {
    String runbook = Files.readString(Path.of("docs/RUNBOOK.md"));
    Map<String, List<Map<String, List<Map<String, Object>>>>> rules =
        new Yaml().load(Files.readString(RULES));
    List<Map<String, Object>> alerts = rules.get("groups").get(0).get("rules");
    assertThat(alerts).hasSizeGreaterThan(5);
    for (Map<String, Object> alert : alerts) {
      String name = (String) alert.get("alert");
      assertThat(runbook).contains("## " + name + "\n");
      assertThat(alert.get("annotations").toString())
          .contains("docs/RUNBOOK.md#" + name.toLowerCase(java.util.Locale.ROOT));
    }
  }

  @Test
  @DisplayName("say that it is ready, list what there is, and answer 404 to what they do not know")
  void health() throws Exception {
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
    assertThat(get("/health/ready").body()).contains("\"status\":\"UP\"");
    assertThat(get("/").body()).contains("/health/live", "/health/ready", "/metrics");
    assertThat(get("/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("are checks that docs/METRICS.md explains, each of them")
  void checks() throws Exception {
    String page = Files.readString(Path.of("docs/METRICS.md"));
    for (String probe : List.of("live", "ready")) {
      assertThat(
              Pattern.compile("\"id\":\"([a-z-]+)\"")
                  .matcher(get("/health/" + probe).body())
                  .results())
          .isNotEmpty()
          .allSatisfy(
              check -> assertThat(page).contains("| `" + check.group(1) + "` | " + probe + " |"));
    }
  }

  private static Set<String> samples() {
    return Stream.concat(scrape.lines(), webhooks.lines())
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
