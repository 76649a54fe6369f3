package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.sandbox.SandboxApp;
import io.offboarder.sandbox.SandboxSettings;
import io.offboarder.sandbox.WebexSandbox;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Schemas;
import io.offboarder.testing.Topics;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The commands, on a real broker and a sandbox,")
class KafkaCommandsTest {
  private static final String OUTCOME =
      "{\"id\":\"%s\",\"status\":\"revoked\",\"subject\":{\"personEmail\":\"ann@example.com\"}}";

  private static final String OUTCOME_WITH_TIME =
      "{\"status\":\"%s\",\"event\":{\"id\":\"%s\"},\"subject\":{\"personEmail\":\"%s\"},"
          + "\"timing\":{\"completedAt\":\"%sT09:00:00Z\"}}";

  private static final EmbeddedBroker BROKER = EmbeddedBroker.shared();
  private static Topics topics;
  private static Vertx vertx;
  private static WebexSandbox sandbox;

  @BeforeAll
  static void start() {
    topics = new Topics(BROKER.bootstrapServers());
    vertx = Vertx.vertx();
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @Test
  @DisplayName("send a termination as a CloudEvent, keyed by its subject")
  void send() throws IOException {
    topics.create("s1.user-terminated", 1, Map.of());
    topics.create("s1.app-decommissioned", 1, Map.of());
    Invocation person =
        kafka("s1")
            .run(
                "send",
                "user-terminated",
                "--person-email",
                "Ann@Example.com",
                "--org-id",
                "o1",
                "--reason",
                "involuntary",
                "--id",
                "e1");
    Invocation app =
        kafka("s1").run("send", "app-decommissioned", "--client-id", "C1", "--source", "/x");

    assertThat(person.errors()).isEmpty();
    assertThat(person.exitCode()).isZero();
    assertThat(person.lines())
        .containsExactly("published e1 to s1.user-terminated, partition 0, offset 0");
    ConsumerRecord<byte[], byte[]> record = topics.committed("s1.user-terminated").get(0);
    assertThat(Topics.text(record.key())).isEqualTo("ann@example.com");
    assertThat(Topics.text(record.headers().lastHeader("content-type").value()))
        .isEqualTo("application/cloudevents+json");
    JsonNode event = new JsonMapper().readTree(record.value());
    assertThat(event.path("specversion").asText()).isEqualTo("1.0");
    assertThat(event.path("type").asText()).isEqualTo("user-terminated");
    assertThat(event.path("source").asText()).isEqualTo("/offboarder/cli");
    assertThat(event.path("time").asText()).endsWith("Z");
    assertThat(event.path("data"))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    "{\"personEmail\":\"Ann@Example.com\",\"orgId\":\"o1\",\"reason\":\"involuntary\"}"));

    assertThat(app.exitCode()).isZero();
    ConsumerRecord<byte[], byte[]> decommission = topics.committed("s1.app-decommissioned").get(0);
    assertThat(Topics.text(decommission.key())).isEqualTo("C1");
    assertThat(new JsonMapper().readTree(decommission.value()).path("source").asText())
        .isEqualTo("/x");
  }

  @Test
  @DisplayName("send a file's events unchanged to the topics of their kinds")
  void sendFile() {
    topics.create("s2.user-terminated", 1, Map.of());
    topics.create("s2.app-decommissioned", 1, Map.of());
    String plain =
        "{\"id\": \"1\", \"type\": \"com.example.user-terminated.v2\", \"personId\": \"p1\"}";
    String app =
        "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/hr\",\"type\":\"app-decommissioned\","
            + "\"data\":{\"clientId\":\"C1\",\"orgId\":\"o\"}}";
    Invocation send = kafka("s2").withInput(plain + "\n\n" + app + "\n").run("send", "--file", "-");
    assertThat(send.errors()).isEmpty();
    assertThat(send.lines())
        .containsExactly(
            "published 1 event to s2.app-decommissioned, 1 event to s2.user-terminated");
    ConsumerRecord<byte[], byte[]> first = topics.committed("s2.user-terminated").get(0);
    assertThat(Topics.text(first.value())).isEqualTo(plain);
    assertThat(Topics.text(first.key())).isEqualTo("p1");
    assertThat(Topics.text(first.headers().lastHeader("content-type").value()))
        .isEqualTo("application/json");
    assertThat(Topics.text(topics.committed("s2.app-decommissioned").get(0).value()))
        .isEqualTo(app);
  }

  @Test
  @DisplayName("send a table's rows as events, a line for each only with -v")
  void sendTable() throws IOException {
    topics.create("s11.user-terminated", 1, Map.of());
    topics.create("s11.app-decommissioned", 1, Map.of());
    String table =
        "personEmail,clientId,orgId,reason\r\n"
            + "Ann@example.com,,,\"left, \"\"at last\"\"\"\r\n"
            + "\r\n"
            + ",C1,o1,\r\n";
    Invocation send = kafka("s11").withInput(table).run("send", "--csv", "--file", "-", "-v");
    assertThat(send.errors()).isEmpty();
    assertThat(send.lines()).hasSize(2).allMatch(line -> line.startsWith("published "));
    JsonNode person =
        new JsonMapper().readTree(topics.committed("s11.user-terminated").get(0).value());
    assertThat(person.path("type").asText()).isEqualTo("user-terminated");
    assertThat(person.path("data"))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    "{\"personEmail\":\"Ann@example.com\",\"reason\":\"left, \\\"at last\\\"\"}"));
    JsonNode app =
        new JsonMapper().readTree(topics.committed("s11.app-decommissioned").get(0).value());
    assertThat(app.path("data"))
        .isEqualTo(new JsonMapper().readTree("{\"clientId\":\"C1\",\"orgId\":\"o1\"}"));
  }

  @Test
  @DisplayName("list and show dead letters, with the bytes as they came")
  void deadLetters(@TempDir Path directory) throws IOException {
    topics.create("s12.dead-letters", 2, Map.of());
    byte[] value = {'{', 0, (byte) 0xff};
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>("s12.dead-letters", 1, Topics.bytes("ann"), value);
    letter.headers().add("content-type", Topics.bytes("application/json"));
    Map.of("topic", "s12.user-terminated", "partition", "3", "offset", "42", "timestamp", "0")
        .forEach((name, text) -> letter.headers().add(header(name), Topics.bytes(text)));
    letter.headers().add(header("status"), Topics.bytes("rejected"));
    letter.headers().add(header("code"), Topics.bytes("not_json"));
    letter.headers().add(header("message"), Topics.bytes("was \u001b[2J"));
    assertThat(kafka("s12").run("dead-letters", "list").errors())
        .containsExactly("offboarder: the topic s12.dead-letters holds no dead letters");
    topics.publish(List.of(letter));

    Invocation list = kafka("s12").run("dead-letters", "list", "--since", "1h");
    assertThat(list.exitCode()).isZero();
    assertThat(list.lines()).hasSize(2);
    assertThat(list.lines().get(1))
        .startsWith("1:0  ")
        .containsPattern("rejected +not_json")
        .contains("s12.user-terminated 3:42")
        .endsWith("was  [2J");
    Path saved = directory.resolve("value");
    JsonNode listed =
        Company.json(Topics.bytes(kafka("s12").run("dead-letters", "list", "-o", "json").output()));
    assertThat(listed.path("which").asText()).isEqualTo("1:0");
    assertThat(listed.path("status").asText()).isEqualTo("rejected");
    JsonNode whole =
        Company.json(
            Topics.bytes(kafka("s12").run("dead-letters", "show", "1:0", "-o", "json").output()));
    assertThat(whole.path("value").binaryValue()).isEqualTo(value);
    Invocation show = kafka("s12").run("dead-letters", "show", "1:0", "--save", saved.toString());
    assertThat(show.errors()).isEmpty();
    assertThat(show.lines())
        .contains(
            "timestamp     1970-01-01T00:00:00Z",
            "header content-type  application/json",
            "key           ann",
            "value         3 bytes",
            "00000000  7b 00 ff");
    assertThat(Files.readAllBytes(saved)).isEqualTo(value);
    assertThat(
            kafka("s12").run("dead-letters", "show", "1:0", "--save", saved.toString()).exitCode())
        .isEqualTo(2);
    Invocation none = kafka("s12").run("dead-letters", "show", "0:0");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.errors())
        .containsExactly("offboarder: the topic s12.dead-letters holds no record at 0:0");
  }

  private static String header(String name) {
    return "__offboarder.errors." + name;
  }

  @Test
  @DisplayName("wait for the outcomes of what was sent, and end as they tell")
  void sendAndWait() throws Exception {
    sandbox.authorize(sandbox.addPerson("dora@example.com"), sandbox.newApp("Slides"), 1);
    Invocation service = service("s13");
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> kafka("s13").run("outcomes", "--no-follow").exitCode() == 1);
    Invocation good =
        kafka("s13").run("send", "user-terminated", "--person-email", "dora@example.com", "--wait");
    assertThat(good.errors()).isEmpty();
    assertThat(good.exitCode()).isZero();
    assertThat(good.lines()).last().asString().matches("1 of 1 outcome within .*: 1 revoked");
    assertThat(good.output()).contains("dora@example.com");

    Invocation mixed =
        kafka("s13")
            .withInput("personEmail\ndora@example.com\nnobody@example.com\n")
            .run("send", "--csv", "--file", "-", "--wait", "--timeout", "1m");
    assertThat(mixed.exitCode()).isEqualTo(1);
    assertThat(mixed.lines())
        .last()
        .asString()
        .matches("2 of 2 outcomes within .*: 1 nothing_to_revoke, 1 subject_not_found");
    assertThat(mixed.output()).contains("nobody@example.com").doesNotContain("dora@");
    service.stop();
    assertThat(running.get(20, TimeUnit.SECONDS).exitCode()).isZero();

    Invocation late =
        kafka("s13").run("send", "user-terminated", "--person-id", "p", "--timeout", "500ms");
    assertThat(late.exitCode()).isEqualTo(6);
    assertThat(late.lines()).last().asString().startsWith("0 of 1 outcome within");
  }

  @Test
  @DisplayName("list, show and cancel what waits")
  void cases() throws Exception {
    sandbox.authorize(sandbox.addPerson("gil@example.com"), sandbox.newApp("Slides"), 1);
    Invocation service = service("s15");
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> kafka("s15").run("outcomes", "--no-follow").exitCode() == 1);
    assertThat(kafka("s15").run("case", "list").errors())
        .containsExactly("offboarder: nothing waits in the topic s15.cases that fits");
    String due = Instant.now().plusSeconds(86_400).toString();
    Invocation sent =
        kafka("s15")
            .run(
                "send",
                "user-terminated",
                "--person-email",
                "gil@example.com",
                "--id",
                "g1",
                "--effective-at",
                due,
                "--wait");
    assertThat(sent.exitCode()).isZero();
    assertThat(sent.lines()).last().asString().endsWith(": 1 scheduled");

    Invocation list = kafka("s15").run("case", "list", "--person", "Gil@example.com");
    assertThat(list.lines()).hasSize(2);
    assertThat(list.lines().get(1)).contains("scheduled", "gil@example.com", "g1", "takes effect");
    assertThat(kafka("s15").run("case", "list", "--person", "ann@example.com").lines()).isEmpty();
    assertThat(kafka("s15").run("case", "list", "--state", "relook").lines()).isEmpty();
    assertThat(kafka("s15").run("case", "list", "--due-until", "2026-01-01").lines()).isEmpty();
    Invocation json = kafka("s15").run("case", "list", "-o", "json");
    assertThat(json.lines()).hasSize(1);
    assertThat(Schemas.faults(Schemas.CASE, json.lines().get(0))).isEmpty();
    String record = json.lines().get(0);
    int id = record.indexOf("\"caseId\":\"") + 10;
    String caseId = record.substring(id, id + 36);
    assertThat(kafka("s15").run("case", "show", caseId.substring(0, 8)).lines())
        .anySatisfy(line -> assertThat(line).startsWith("case").endsWith(caseId))
        .anySatisfy(line -> assertThat(line).startsWith("due").endsWith(due));
    Invocation unknown = kafka("s15").run("case", "show", "no-such-case");
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.errors()).singleElement().asString().contains("no case no-such-case waits");

    Invocation cancel =
        kafka("s15").run("case", "cancel", caseId, "--reason", "stays", "--timeout", "30s");
    assertThat(cancel.errors()).isEmpty();
    assertThat(cancel.exitCode()).isZero();
    assertThat(cancel.lines()).last().asString().endsWith(": 1 rescinded");
    assertThat(kafka("s15").run("case", "list").lines()).isEmpty();
    assertThat(kafka("s15").run("outcomes", "--event", "g1", "--no-follow").output())
        .contains("scheduled", "cancelled", "taken back by case");

    for (String person : List.of("hal@example.com", "ida@example.com")) {
      kafka("s15")
          .run(
              "send", "user-terminated", "--person-email", person, "--effective-at", due, "--wait");
    }
    List<String> both =
        kafka("s15").run("case", "list", "-o", "json").lines().stream()
            .map(line -> Company.json(Topics.bytes(line)).path("caseId").asText())
            .toList();
    assertThat(both).hasSize(2);
    Invocation cancelled =
        kafka("s15").run("case", "cancel", both.get(0), both.get(1), "--timeout", "30s");
    assertThat(cancelled.exitCode()).as("%s", cancelled.errors()).isZero();
    assertThat(cancelled.lines()).first().asString().startsWith("published 2 events to ");
    assertThat(kafka("s15").run("case", "list").lines()).isEmpty();
    service.stop();
    assertThat(running.get(20, TimeUnit.SECONDS).exitCode()).isZero();
  }

  @Test
  @DisplayName("show how the service stands, from its instances and from Kafka alone")
  void status() throws Exception {
    sandbox.authorize(sandbox.addPerson("emil@example.com"), sandbox.newApp("Slides"), 1);
    String port = Integer.toString(freePort());
    Invocation service = service("s14").with("OFFBOARDER_HTTP_PORT", port);
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> kafka("s14").run("outcomes", "--no-follow").exitCode() == 1);
    Invocation sent =
        kafka("s14")
            .run(
                "send",
                "user-terminated",
                "--person-email",
                "emil@example.com",
                "--wait",
                "-o",
                "json");
    assertThat(sent.exitCode()).isZero();
    assertThat(sent.lines().stream().map(Topics::bytes).map(Company::json))
        .satisfiesExactly(
            published ->
                assertThat(published.path("topic").asText()).isEqualTo("s14.user-terminated"),
            outcome -> assertThat(outcome.path("status").asText()).isEqualTo("revoked"));
    Awaitility.await()
        .until(
            () ->
                kafka("s14")
                    .with("OFFBOARDER_HTTP_PORT", port)
                    .run("status")
                    .lines()
                    .contains("waiting    1 relook"));
    Invocation status = kafka("s14").with("OFFBOARDER_HTTP_PORT", port).run("status");
    assertThat(status.errors()).isEmpty();
    assertThat(status.exitCode()).isZero();
    assertThat(status.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("group s14 at ").endsWith(": stable, 1 instance"),
            line ->
                assertThat(line)
                    .startsWith("  host  ")
                    .contains("s14.app-decommissioned 0-11, s14.user-terminated 0-11"),
            line -> assertThat(line).isEqualTo("backlog    nothing waits"),
            line -> assertThat(line).isEqualTo("waiting    1 relook"),
            line -> assertThat(line).startsWith("api        open").endsWith("(of 1 of 1 instance)"),
            line -> assertThat(line).isEqualTo("last hour  1 outcome: 1 revoked"));

    JsonNode json =
        Company.json(
            Topics.bytes(
                kafka("s14")
                    .with("OFFBOARDER_HTTP_PORT", port)
                    .run("status", "-o", "json")
                    .output()));
    assertThat(json.path("instances").path(0).path("name").asText()).isEqualTo("host");
    assertThat(json.path("lastHour").path("revoked").asInt()).isEqualTo(1);
    assertThat(json.path("cases").path("relook").asInt()).isEqualTo(1);
    String url = "http://127.0.0.1:" + port + "/health/ready";
    assertThat(new Invocation().run("health", "--url", url).lines())
        .hasSizeGreaterThan(3)
        .allSatisfy(line -> assertThat(line).startsWith("ok    "));
    assertThat(new Invocation().run("health", "--url", url, "-o", "json").output())
        .startsWith("{\"status\":\"UP\"");

    Invocation watching = kafka("s14");
    CompletableFuture<Invocation> watch = watching.runInBackground("status", "--watch");
    Awaitility.await()
        .until(() -> watching.lines().stream().filter(l -> l.startsWith("group")).count() >= 2);
    watching.stop();
    assertThat(watch.get(10, TimeUnit.SECONDS).exitCode()).isZero();
    service.stop();
    assertThat(running.get(20, TimeUnit.SECONDS).exitCode()).isZero();

    kafka("s14").run("send", "user-terminated", "--person-id", "p");
    Awaitility.await().until(() -> kafka("s14").run("status").exitCode() == 1);
    assertThat(kafka("s14").with("OFFBOARDER_HTTP_PORT", "0").run("status").lines())
        .satisfiesExactly(
            line -> assertThat(line).endsWith(": empty, 0 instances"),
            line ->
                assertThat(line)
                    .contains("1 event beyond the committed offsets; the oldest came ")
                    .contains(" ago; "),
            line -> assertThat(line).startsWith("waiting    unknown"),
            line -> assertThat(line).contains("api        unknown"),
            line -> assertThat(line).contains("1 outcome"));
  }

  @Test
  @DisplayName("say in one line that a topic is missing or that nobody answers")
  void failures() {
    Invocation missing = kafka("nowhere").run("send", "user-terminated", "--person-id", "p");
    assertThat(missing.exitCode()).isEqualTo(5);
    assertThat(missing.errors())
        .singleElement()
        .asString()
        .contains("has no topic nowhere.user-terminated; \"offboarder run --create-topics\"");
    Invocation outcomes = kafka("nowhere").run("outcomes");
    assertThat(outcomes.exitCode()).isEqualTo(5);
    assertThat(outcomes.errors()).singleElement().asString().contains("no topic nowhere.outcomes");
  }

  @Test
  @DisplayName("show the outcomes that are there, as a table and as JSON")
  void outcomes() {
    topics.create("s3.outcomes", 1, Map.of());
    topics.publish(
        "s3.outcomes", List.of(OUTCOME.formatted("1"), "no outcome", OUTCOME.formatted("2")));
    Invocation table = kafka("s3").run("outcomes", "--no-follow");
    assertThat(table.exitCode()).isZero();
    assertThat(table.lines()).hasSize(3);
    assertThat(table.lines().get(0)).startsWith("TIME  ").contains("STATUS");
    assertThat(table.errors())
        .singleElement()
        .asString()
        .contains("holds something that is no outcome (the first: partition 0, offset 1)");

    Invocation json = kafka("s3").run("outcomes", "-o", "json", "--from-beginning", "--max", "1");
    assertThat(json.lines()).containsExactly(OUTCOME.formatted("1"));
    assertThat(kafka("s3").run("outcomes", "-o", "json", "--since", "1h", "--no-follow").lines())
        .hasSize(2);
    assertThat(kafka("s3").withColours().run("outcomes", "--no-follow").output())
        .contains("\u001b[32m");
  }

  @Test
  @DisplayName("follow the outcomes until they are stopped")
  void follow() throws Exception {
    topics.create("s4.outcomes", 2, Map.of());
    Invocation following = kafka("s4");
    CompletableFuture<Invocation> running = following.runInBackground("outcomes");
    Awaitility.await().until(() -> following.output().contains("TIME"));
    topics.publish("s4.outcomes", List.of(OUTCOME.formatted("1")));
    Awaitility.await().until(() -> following.output().contains("ann@example.com"));
    following.stop();
    assertThat(running.get(10, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(following.errors()).isEmpty();
  }

  @Test
  @DisplayName("show outcomes of all partitions oldest first, and answer who, what and when")
  void questions() throws IOException {
    topics.create("q1.outcomes", 4, Map.of());
    List<String> days = List.of("2026-01-30", "2026-01-31", "2026-02-01", "2026-02-02");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String id = "e" + i;
      ids.add(id);
      topics.publish(
          List.of(
              new ProducerRecord<>(
                  "q1.outcomes",
                  i * 7 % 4,
                  1_790_000_000_000L + i * 1000L,
                  null,
                  Topics.bytes(
                      OUTCOME_WITH_TIME.formatted(
                          i % 10 == 0 ? "failed" : "revoked",
                          id,
                          i % 2 == 0 ? "Ann@Example.com" : "bob@example.com",
                          days.get(i / 10))))));
    }
    Invocation all = kafka("q1").run("outcomes", "--no-follow", "-o", "csv");
    assertThat(all.exitCode()).as(all.errors().toString()).isZero();
    assertThat(all.lines().get(0)).startsWith("completedAt,status,id,type,personEmail,");
    assertThat(all.lines().stream().skip(1).map(line -> line.split(",", -1)[2]).toList())
        .isEqualTo(ids);
    assertThat(asked("--person", "ann@example.COM"))
        .hasSize(20)
        .allMatch(line -> line.contains("Ann@"));
    assertThat(asked("--status", "FAILED", "--no-follow")).hasSize(4);
    assertThat(asked("--person", "bob@example.com", "--status", "failed")).isEmpty();
    assertThat(asked("--event", "e7"))
        .singleElement()
        .asString()
        .contains("e7")
        .contains("2026-01-30 09:00:00Z");
    assertThat(asked("--until", "2026-01-31")).hasSize(20);
    assertThat(asked("--until", "2026-02-01T10:00:00+02:00")).hasSize(20);
    assertThat(asked("--until", "1d", "--max", "3")).hasSize(3);

    Invocation nobody = kafka("q1").run("outcomes", "--person", "carol@example.com");
    assertThat(nobody.exitCode()).isEqualTo(1);
    assertThat(nobody.errors())
        .containsExactly("offboarder: no outcome fits, of 40 in the topic q1.outcomes");
  }

  private static List<String> asked(String... question) {
    List<String> arguments = new ArrayList<>(List.of("outcomes"));
    arguments.addAll(List.of(question));
    return kafka("q1").run(arguments.toArray(String[]::new)).lines().stream().skip(1).toList();
  }

  @Test
  @DisplayName("find a person by pseudonym where there is the key")
  void pseudonym(@TempDir Path directory) throws IOException {
    Path key = directory.resolve("key");
    Files.writeString(key, "0123456789abcdef0123456789abcdef");
    topics.create("q2.outcomes", 1, Map.of());
    String pseudonym =
        Pseudonymizer.with("0123456789abcdef0123456789abcdef").person("ann@example.com");
    topics.publish(
        "q2.outcomes", List.of(OUTCOME.formatted("1").replace("ann@example.com", pseudonym)));
    Invocation found =
        kafka("q2")
            .with("OFFBOARDER_PRIVACY_KEY_FILE", key.toString())
            .run("outcomes", "--person", "Ann@example.com");
    assertThat(found.errors()).isEmpty();
    assertThat(found.lines()).last().asString().contains(pseudonym);
    assertThat(kafka("q2").run("outcomes", "--person", "ann@example.com").exitCode()).isEqualTo(1);
  }

  @Test
  @DisplayName("say once that a topic holds no outcomes")
  void noOutcomes() {
    topics.create("q3.user-terminated", 2, Map.of());
    topics.create("q3.outcomes", 1, Map.of());
    topics.publish("q3.user-terminated", List.of("{}", "[]", "an event", "another"));
    Invocation wrong =
        kafka("q3").run("outcomes", "--topic", "q3.user-terminated", "--from-beginning");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.errors())
        .containsExactly(
            "offboarder: the topic q3.user-terminated holds no outcomes but something else (4 records)");
    Invocation empty = kafka("q3").run("outcomes", "--no-follow");
    assertThat(empty.exitCode()).isEqualTo(1);
    assertThat(empty.errors())
        .containsExactly("offboarder: the topic q3.outcomes holds no outcomes");
  }

  @Test
  @DisplayName("check everything, a line for each")
  void check() {
    for (String topic : List.of("user-terminated", "app-decommissioned", "outcomes")) {
      topics.create("s5." + topic, 2, Map.of());
    }
    topics.create("s5.journal", 2, Map.of());
    topics.create("s5.commands", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    Invocation oneMissing = service("s5").run("check");
    assertThat(oneMissing.exitCode()).isEqualTo(1);
    assertThat(oneMissing.errors()).isEmpty();
    assertThat(oneMissing.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ok    configuration"),
            line -> assertThat(line).startsWith("ok    kafka").contains("1 broker in"),
            line -> assertThat(line).contains("s5.user-terminated has 2 partitions"),
            line -> assertThat(line).contains("s5.app-decommissioned has 2 partitions"),
            line -> assertThat(line).contains("s5.outcomes has 2 partitions"),
            line -> assertThat(line).startsWith("FAIL  topic").contains("s5.dead-letters does not"),
            line -> assertThat(line).startsWith("FAIL  topic").contains("s5.cases does not"),
            line -> assertThat(line).contains("s5.commands has 1 partition"),
            line -> assertThat(line).startsWith("warn  topic").contains("s5.commands keeps"),
            line -> assertThat(line).contains("s5.journal has 2 partitions"),
            line -> assertThat(line).startsWith("FAIL  topic").contains("more than one partition"),
            line -> assertThat(line).startsWith("FAIL  topic").contains("message.timestamp.type"),
            line ->
                assertThat(line)
                    .startsWith("warn  topic")
                    .contains("s5.app-decommissioned", "max.decompressed.message.bytes"),
            line -> assertThat(line).startsWith("warn  topic").contains("s5.user-terminated"),
            line -> assertThat(line).startsWith("ok    webex").contains("expires at"));

    topics.create("s5.dead-letters", 1, Map.of());
    topics.create("s5.cases", 2, Map.of());
    assertThat(service("s5").run("check").lines())
        .anySatisfy(line -> assertThat(line).contains("s5.cases has more than one partition"))
        .anySatisfy(line -> assertThat(line).contains("s5.cases has a cleanup.policy with delete"));
    Invocation wrongCases = service("s5").run("run");
    assertThat(wrongCases.exitCode()).isEqualTo(5);
    assertThat(wrongCases.errors()).hasSize(2);
    topics.delete("s5.cases");
    topics.create("s5.cases", 1, Map.of("cleanup.policy", "compact"));
    topics.create("s5.ordered", 1, Map.of("message.timestamp.type", "LogAppendTime"));
    assertThat(
            service("s5")
                .with("OFFBOARDER_KAFKA_JOURNAL_TOPIC", "s5.ordered")
                .run("check")
                .exitCode())
        .isZero();

    Invocation refused = service("s5").with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "wr0ng").run("check");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.lines()).last().asString().startsWith("FAIL  webex").doesNotContain("wr0ng");
  }

  @Test
  @DisplayName("check what the settings allow to check, and name the rest and refused ports")
  void checkSkips() throws IOException {
    Invocation wrong =
        new Invocation()
            .withKafka("nonsense")
            .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "t")
            .run("check");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("FAIL  configuration"),
            line -> assertThat(line).startsWith("skip  kafka").contains("no topic looked for"),
            line -> assertThat(line).startsWith("skip  webex").contains("settings are wrong"));

    int port = freePort();
    Invocation refused =
        new Invocation()
            .withKafka("localhost:" + port)
            .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", "t")
            .with("OFFBOARDER_WEBEX_BASE_URL", "http://127.0.0.1:" + port + "/v1")
            .run("check", "--timeout", "1s");
    assertThat(refused.lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("ok    configuration"),
            line ->
                assertThat(line)
                    .startsWith("FAIL  kafka")
                    .endsWith("; the connection is refused at localhost:" + port),
            line -> assertThat(line).startsWith("FAIL  webex").contains("refused"));
  }

  @Test
  @DisplayName("do not run without the topics, unless they may create them")
  void missingTopics() {
    Invocation run = service("s6").run("run");
    assertThat(run.exitCode()).isEqualTo(5);
    assertThat(run.errors())
        .singleElement()
        .asString()
        .contains(
            "has no topic s6.outcomes, s6.dead-letters, s6.cases, s6.journal, s6.commands, s6.user-")
        .endsWith("run with --create-topics to create what is missing");
  }

  @Test
  @DisplayName("create the topics, run, revoke, and stop in good order")
  void run() throws Exception {
    SandboxApp app = sandbox.newApp("Slides");
    sandbox.authorize(sandbox.addPerson("ann@example.com"), app, 2);
    Invocation service = service("s7");
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                kafka("s7")
                        .run("send", "user-terminated", "--person-email", "ann@example.com")
                        .exitCode()
                    == 0);
    Invocation outcomes = kafka("s7").run("outcomes", "--from-beginning", "--max", "1");
    assertThat(outcomes.lines()).last().asString().contains("revoked").contains("Slides ×3");
    assertThat(sandbox.live()).isEmpty();
    service.stop();
    assertThat(running.get(20, TimeUnit.SECONDS).exitCode()).isZero();
    assertThat(service.errors()).isEmpty();
    assertThat(service.output()).isEmpty();
  }

  @Test
  @DisplayName("wait for a broker that is away, and tell so, until they are stopped")
  void waitForBroker() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(freePort());
      Invocation service =
          service("s8")
              .withKafka("localhost:" + silent.getLocalPort())
              .with("OFFBOARDER_HTTP_PORT", port);
      CompletableFuture<Invocation> running = service.runInBackground("run");
      String url = "http://127.0.0.1:" + port + "/health/ready";
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(new Invocation().run("health", "--url", url).output())
                      .contains("waits for Kafka"));
      assertThat(running).isNotDone();
      service.stop();
      assertThat(running.get(5, TimeUnit.SECONDS).exitCode()).isZero();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Invocation kafka(String company) {
    return new Invocation()
        .withKafka(BROKER.bootstrapServers())
        .with("OFFBOARDER_KAFKA_GROUP_ID", company)
        .with(
            "OFFBOARDER_KAFKA_INPUT_TOPICS",
            company + ".user-terminated," + company + ".app-decommissioned")
        .with("OFFBOARDER_KAFKA_OUTCOME_TOPIC", company + ".outcomes")
        .with("OFFBOARDER_KAFKA_DEAD_LETTER_TOPIC", company + ".dead-letters")
        .with("OFFBOARDER_KAFKA_CASE_TOPIC", company + ".cases")
        .with("OFFBOARDER_KAFKA_COMMAND_TOPIC", company + ".commands")
        .with("OFFBOARDER_KAFKA_JOURNAL_TOPIC", company + ".journal");
  }

  private static Invocation service(String company) {
    return kafka(company)
        .with("OFFBOARDER_HTTP_PORT", "0")
        .with("OFFBOARDER_WEBEX_BASE_URL", sandbox.baseUrl().toString())
        .with("OFFBOARDER_WEBEX_ACCESS_TOKEN", sandbox.settings().credentials().accessToken());
  }
}
