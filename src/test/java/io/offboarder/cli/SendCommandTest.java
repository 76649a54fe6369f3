package io.offboarder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.testing.Company;
import io.offboarder.testing.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The commands that publish and read events, on a real broker,")
class SendCommandTest {
  @RegisterExtension private static final CommandFixture FIXTURE = new CommandFixture();

  @Test
  @DisplayName("send a termination as a CloudEvent, keyed by its subject")
  void send() throws IOException {
    FIXTURE.topics().create("s1.user-terminated", 1, Map.of());
    FIXTURE.topics().create("s1.app-decommissioned", 1, Map.of());
    Invocation person =
        FIXTURE
            .kafka("s1")
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
        FIXTURE
            .kafka("s1")
            .run("send", "app-decommissioned", "--client-id", "C1", "--source", "/x");

    assertThat(person.errors()).isEmpty();
    assertThat(person.exitCode()).isZero();
    assertThat(person.lines())
        .containsExactly("published e1 to s1.user-terminated, partition 0, offset 0");
    ConsumerRecord<byte[], byte[]> record = FIXTURE.topics().committed("s1.user-terminated").get(0);
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
    ConsumerRecord<byte[], byte[]> decommission =
        FIXTURE.topics().committed("s1.app-decommissioned").get(0);
    assertThat(Topics.text(decommission.key())).isEqualTo("C1");
    assertThat(new JsonMapper().readTree(decommission.value()).path("source").asText())
        .isEqualTo("/x");
  }

  @Test
  @DisplayName("send a file's events unchanged to the topics of their kinds")
  void sendFile() {
    FIXTURE.topics().create("s2.user-terminated", 1, Map.of());
    FIXTURE.topics().create("s2.app-decommissioned", 1, Map.of());
    String plain =
        "{\"id\": \"1\", \"type\": \"com.example.user-terminated.v2\", \"personId\": \"p1\"}";
    String app =
        "{\"specversion\":\"1.0\",\"id\":\"2\",\"source\":\"/hr\",\"type\":\"app-decommissioned\","
            + "\"data\":{\"clientId\":\"C1\",\"orgId\":\"o\"}}";
    Invocation send =
        FIXTURE.kafka("s2").withInput(plain + "\n\n" + app + "\n").run("send", "--file", "-");
    assertThat(send.errors()).isEmpty();
    assertThat(send.lines())
        .containsExactly(
            "published 1 event to s2.app-decommissioned, 1 event to s2.user-terminated");
    ConsumerRecord<byte[], byte[]> first = FIXTURE.topics().committed("s2.user-terminated").get(0);
    assertThat(Topics.text(first.value())).isEqualTo(plain);
    assertThat(Topics.text(first.key())).isEqualTo("p1");
    assertThat(Topics.text(first.headers().lastHeader("content-type").value()))
        .isEqualTo("application/json");
    assertThat(Topics.text(FIXTURE.topics().committed("s2.app-decommissioned").get(0).value()))
        .isEqualTo(app);
  }

  @Test
  @DisplayName("send a table's rows as events, a line for each only with -v")
  void sendTable() throws IOException {
    FIXTURE.topics().create("s11.user-terminated", 1, Map.of());
    FIXTURE.topics().create("s11.app-decommissioned", 1, Map.of());
    String table =
        "personEmail,clientId,orgId,reason\r\n"
            + "Ann@example.com,,,\"left, \"\"at last\"\"\"\r\n"
            + "\r\n"
            + ",C1,o1,\r\n";
    Invocation send =
        FIXTURE.kafka("s11").withInput(table).run("send", "--csv", "--file", "-", "-v");
    assertThat(send.errors()).isEmpty();
    assertThat(send.lines()).hasSize(2).allMatch(line -> line.startsWith("published "));
    JsonNode person =
        new JsonMapper().readTree(FIXTURE.topics().committed("s11.user-terminated").get(0).value());
    assertThat(person.path("type").asText()).isEqualTo("user-terminated");
    assertThat(person.path("data"))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    "{\"personEmail\":\"Ann@example.com\",\"reason\":\"left, \\\"at last\\\"\"}"));
    JsonNode app =
        new JsonMapper()
            .readTree(FIXTURE.topics().committed("s11.app-decommissioned").get(0).value());
    assertThat(app.path("data"))
        .isEqualTo(new JsonMapper().readTree("{\"clientId\":\"C1\",\"orgId\":\"o1\"}"));
  }

  @Test
  @DisplayName("list and show dead letters, with the bytes as they came")
  void deadLetters(@TempDir Path directory) throws IOException {
    FIXTURE.topics().create("s12.dead-letters", 2, Map.of());
    byte[] value = {'{', 0, (byte) 0xff};
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>("s12.dead-letters", 1, Topics.bytes("ann"), value);
    letter.headers().add("content-type", Topics.bytes("application/json"));
    Map.of("topic", "s12.user-terminated", "partition", "3", "offset", "42", "timestamp", "0")
        .forEach((name, text) -> letter.headers().add(header(name), Topics.bytes(text)));
    letter.headers().add(header("status"), Topics.bytes("rejected"));
    letter.headers().add(header("code"), Topics.bytes("not_json"));
    letter.headers().add(header("message"), Topics.bytes("was \u001b[2J"));
    assertThat(FIXTURE.kafka("s12").run("dead-letters", "list").errors())
        .containsExactly("offboarder: the topic s12.dead-letters holds no dead letters");
    FIXTURE.topics().publish(List.of(letter));

    Invocation list = FIXTURE.kafka("s12").run("dead-letters", "list", "--since", "1h");
    assertThat(list.exitCode()).isZero();
    assertThat(list.lines()).hasSize(2);
    assertThat(list.lines().get(1))
        .startsWith("1:0  ")
        .containsPattern("rejected +not_json")
        .contains("s12.user-terminated 3:42")
        .endsWith("was  [2J");
    Path saved = directory.resolve("value");
    JsonNode listed =
        Company.json(
            Topics.bytes(FIXTURE.kafka("s12").run("dead-letters", "list", "-o", "json").output()));
    assertThat(listed.path("which").asText()).isEqualTo("1:0");
    assertThat(listed.path("status").asText()).isEqualTo("rejected");
    JsonNode whole =
        Company.json(
            Topics.bytes(
                FIXTURE.kafka("s12").run("dead-letters", "show", "1:0", "-o", "json").output()));
    assertThat(whole.path("value").binaryValue()).isEqualTo(value);
    Invocation show =
        FIXTURE.kafka("s12").run("dead-letters", "show", "1:0", "--save", saved.toString());
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
            FIXTURE
                .kafka("s12")
                .run("dead-letters", "show", "1:0", "--save", saved.toString())
                .exitCode())
        .isEqualTo(2);
    Invocation none = FIXTURE.kafka("s12").run("dead-letters", "show", "0:0");
    assertThat(none.exitCode()).isEqualTo(1);
    assertThat(none.errors())
        .containsExactly("offboarder: the topic s12.dead-letters holds no record at 0:0");
  }

  @Test
  @DisplayName("wait for the outcomes of what was sent, and end as they tell")
  void sendAndWait() throws Exception {
    FIXTURE
        .sandbox()
        .authorize(
            FIXTURE.sandbox().addPerson("dora@example.com"), FIXTURE.sandbox().newApp("Slides"), 1);
    Invocation service = FIXTURE.service("s13");
    CompletableFuture<Invocation> running = service.runInBackground("run", "--create-topics");
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> FIXTURE.kafka("s13").run("outcomes", "--no-follow").exitCode() == 1);
    Invocation good =
        FIXTURE
            .kafka("s13")
            .run("send", "user-terminated", "--person-email", "dora@example.com", "--wait");
    assertThat(good.errors()).isEmpty();
    assertThat(good.exitCode()).isZero();
    assertThat(good.lines()).last().asString().matches("1 of 1 outcome within .*: 1 revoked");
    assertThat(good.output()).contains("dora@example.com");

    Invocation mixed =
        FIXTURE
            .kafka("s13")
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
        FIXTURE
            .kafka("s13")
            .run("send", "user-terminated", "--person-id", "p", "--timeout", "500ms");
    assertThat(late.exitCode()).isEqualTo(6);
    assertThat(late.lines()).last().asString().startsWith("0 of 1 outcome within");
  }

  @Test
  @DisplayName("say in one line that a topic is missing or that nobody answers")
  void failures() {
    Invocation missing =
        FIXTURE.kafka("nowhere").run("send", "user-terminated", "--person-id", "p");
    assertThat(missing.exitCode()).isEqualTo(5);
    assertThat(missing.errors())
        .singleElement()
        .asString()
        .contains("has no topic nowhere.user-terminated; \"offboarder run --create-topics\"");
    Invocation outcomes = FIXTURE.kafka("nowhere").run("outcomes");
    assertThat(outcomes.exitCode()).isEqualTo(5);
    assertThat(outcomes.errors()).singleElement().asString().contains("no topic nowhere.outcomes");
  }

  private static String header(String name) {
    return "__offboarder.errors." + name;
  }
}
