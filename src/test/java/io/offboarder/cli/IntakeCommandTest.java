package io.offboarder.cli;

import static java.time.ZoneOffset.UTC;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.intake.Preset;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.testing.Topics;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("offboarder intake")
class IntakeCommandTest {
  private final String lastDay = LocalDate.now(UTC).plusDays(30).toString();
  private final String leaver =
      "{\"Event_ID\":\"T-1\",\"Event_Type\":\"Terminate Employee\",\"Event_Status\":\"Completed\","
          + "\"Employee_ID\":\"1\",\"Work_Email\":\"ann@example.com\","
          + "\"Last_Day_of_Work\":\""
          + lastDay
          + "\",\"Termination_Category\":\"%s\"}";

  @TempDir private Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  @DisplayName("presets names each, and show prints one as it is written")
  void presets() {
    Invocation presets = new Invocation().run("intake", "presets");
    Invocation shown = new Invocation().run("intake", "show", "workday");
    Invocation unknown = new Invocation().run("intake", "show", "nothing");

    assertThat(presets.lines()).hasSize(Preset.names().size());
    assertThat(presets.lines()).anyMatch(line -> line.startsWith("workday "));
    assertThat(shown.output()).isEqualTo(Preset.find("workday").orElseThrow().text());
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.errors().get(0)).contains("there is no preset \"nothing\"", "workday");
  }

  @Test
  @DisplayName("test tries a preset's own samples where none is named")
  void ownSamples() {
    for (String name : Preset.names()) {
      Invocation tried = new Invocation().run("intake", "test", "--preset", name);
      assertThat(tried.errors()).as(name).isEmpty();
      assertThat(tried.exitCode()).as(name).isZero();
    }
  }

  @Test
  @DisplayName("test shows the rule, the event, and what it would mean now")
  void sample() throws IOException {
    Path sample = file("leaver.json", leaver.formatted("Voluntary"));

    Invocation tried = tryInBerlin(sample);

    assertThat(tried.errors()).isEmpty();
    assertThat(tried.exitCode()).isZero();
    assertThat(tried.lines().get(0)).isEqualTo("ok    " + sample);
    assertThat(tried.lines().get(1))
        .startsWith("      workday/leaver  event: due " + lastDay + "T2")
        .endsWith(" days");
    assertThat(tried.lines().get(2)).contains("\"effectiveAt\":\"" + lastDay + "T2");
    assertThat(tried.lines()).last().asString().contains("workday/leaver", "1 events, 0 ignored");
  }

  @Test
  @DisplayName("test fails for what would be rejected for its time, and says what would be held")
  void times() throws IOException {
    Invocation far = tryInBerlin(file("far.json", leaverUntil("2126-11-30")));
    Invocation old = tryInBerlin(file("old.json", leaverUntil("2019-01-31")));

    assertThat(far.lines().get(1)).startsWith("      workday/leaver  rejected: effective_too_far");
    assertThat(far.lines()).last().asString().endsWith("0 events, 0 ignored, 1 rejected");
    assertThat(far.exitCode()).isEqualTo(1);
    assertThat(old.lines().get(1)).startsWith("      workday/leaver  event: held, stale");
    assertThat(old.exitCode()).isZero();
  }

  private String leaverUntil(String day) {
    return leaver.formatted("Voluntary").replace(lastDay, day);
  }

  private static Invocation tryInBerlin(Path sample) {
    return new Invocation()
        .run("intake", "test", "--preset", "workday", "--zone", "Europe/Berlin", sample.toString());
  }

  @Test
  @DisplayName(
      "test reads standard input, line by line where asked to, and fails for one that is rejected")
  void standardInput() {
    Invocation tried =
        new Invocation()
            .withInput(
                leaver.formatted("Involuntary")
                    + "\n\n"
                    + leaver.formatted("x").replace("ann@example.com", "")
                    + "\n{\"Event_Type\":\"Hire\",\"Event_Status\":\"Completed\",\"Employee_ID\":\"2\"}\n")
            .run("intake", "test", "--preset", "workday", "--lines", "-");

    assertThat(tried.exitCode()).isEqualTo(1);
    assertThat(tried.lines())
        .contains(
            "ok    standard input:1",
            "      workday/leaver  event: at once, for its reason",
            "FAIL  standard input:3",
            "ok    standard input:4",
            "      workday/other  ignored");
    assertThat(tried.output()).contains("workday/leaver: subject yielded nothing");
    assertThat(tried.errors()).containsExactly("offboarder: 1 failed");
  }

  @Test
  @DisplayName(
      "test takes rules from the settings, whatever else is missing there, and samples with what they expect")
  void settings() throws IOException {
    file("people.csv", "number,mail\n7,bob@example.com\n");
    Path config =
        file(
            "offboarder.yaml",
            """
            offboarder:
              intake:
                - name: leaver
                  topics: [hr.people]
                  when: kind = "left"
                  action: terminate
                  id: no
                  subject: { personEmail: '$table("people", no)' }
                  tables: { people: { file: %s, key: number, value: mail } }
            """
                .formatted(folder.resolve("people.csv")));
    Path samples =
        file(
            "samples.yaml",
            """
            samples:
              - name: bob
                value: { kind: left, no: 7 }
                expect: { rule: leaver, event: { id: 7, type: user-terminated, data: { personEmail: bob@example.com } } }
              - name: not bob
                value: { kind: left, no: 7 }
                expect: { rule: leaver, event: { id: 7, type: user-terminated, data: { personEmail: ann@example.com } } }
            """);

    Invocation tried =
        new Invocation().run("intake", "test", "-c", config.toString(), samples.toString());
    Invocation elsewhere =
        new Invocation()
            .run(
                "intake",
                "test",
                "-c",
                config.toString(),
                "--topic",
                "hr.other",
                samples.toString());

    assertThat(tried.lines()).contains("ok    bob", "FAIL  not bob");
    assertThat(tried.output()).contains("not as it says: was {data={personEmail=bob@example.com}");
    assertThat(tried.exitCode()).isEqualTo(1);
    assertThat(elsewhere.output()).contains("no rule matched");
  }

  @Test
  @DisplayName("test takes a preset's samples, as show prints them, for one's own to begin with")
  void shownSamples() throws IOException {
    String shown = new Invocation().run("intake", "show", "paylocity").output();
    Path mine = file("mine.yaml", shown);

    Invocation tried =
        new Invocation().run("intake", "test", "--preset", "paylocity", mine.toString());

    assertThat(tried.errors()).isEmpty();
    assertThat(tried.lines()).contains("ok    a leaver", "ok    no address");
    assertThat(tried.exitCode()).isZero();
  }

  @Test
  @DisplayName("test says that it checks no signatures, where the service would")
  void signedTopic() throws IOException {
    Path config =
        file(
            "offboarder.yaml",
            """
            offboarder:
              kafka: { input-topics: [hr.signed, hr.plain] }
              signatures:
                required-topics: [hr.signed]
                keys: ["/workday=%s"]
              intake:
                - { preset: workday, topics: [hr.signed, hr.plain] }
            """
                .formatted(file("keys.json", "{\"keys\":[]}")));
    Path row = file("leaver.json", leaver.formatted("Voluntary"));
    String[] command = {"intake", "test", "-c", config.toString(), row.toString(), "--topic"};

    Invocation signed = new Invocation().run(and(command, "hr.signed"));
    Invocation plain = new Invocation().run(and(command, "hr.plain"));

    assertThat(signed.errors()).singleElement().asString().contains("signatures were not checked");
    assertThat(plain.errors()).isEmpty();
    assertThat(List.of(signed.exitCode(), plain.exitCode())).containsOnly(0);
  }

  private static String[] and(String[] arguments, String last) {
    return Stream.concat(Arrays.stream(arguments), Stream.of(last)).toArray(String[]::new);
  }

  @Test
  @DisplayName("test names what is wrong with rules, and with what it was given")
  void faults() throws IOException {
    Path config =
        file(
            "wrong.yaml",
            "offboarder:\n  intake:\n    - name: a\n      when: b =\n      action: ignore\n");
    Path sample = file("x.json", "{}");

    Invocation wrong =
        new Invocation().run("intake", "test", "-c", config.toString(), sample.toString());
    Invocation none = new Invocation().run("intake", "test", sample.toString());
    Invocation missing =
        new Invocation().run("intake", "test", "--preset", "workday", "nothing.json");

    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.errors())
        .singleElement()
        .asString()
        .contains("offboarder.intake[0] (a): when character ", "it is: b =", config.toString());
    assertThat(none.errors().get(0)).contains("the settings have no rules");
    assertThat(missing.errors().get(0)).contains("the file nothing.json does not exist");
  }

  @Test
  @DisplayName("test tries the newest records of a topic, and publishes nothing")
  void fromTopic() throws IOException {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Topics topics = new Topics(broker.bootstrapServers());
      topics.create("hr.workday", 1, Map.of());
      topics.publish(
          "hr.workday",
          IntStream.range(0, 30)
              .mapToObj(i -> i < 20 ? "old " + i : leaver.formatted("Involuntary"))
              .toList());

      Invocation tried =
          new Invocation()
              .withKafka(broker.bootstrapServers())
              .run(
                  "intake",
                  "test",
                  "--preset",
                  "workday",
                  "--from-topic",
                  "hr.workday",
                  "--last",
                  "5",
                  "-o",
                  "json");

      assertThat(tried.errors()).isEmpty();
      assertThat(tried.exitCode()).isZero();
      assertThat(tried.lines()).hasSize(5);
      for (String line : tried.lines()) {
        JsonNode shown = new JsonMapper().readTree(line);
        assertThat(shown.path("sample").asText()).startsWith("hr.workday ");
        assertThat(shown.path("items").path(0).path("rule").asText()).isEqualTo("workday/leaver");
        assertThat(shown.path("items").path(0).path("event").path("type").asText())
            .isEqualTo("user-terminated");
      }
      assertThat(topics.committed("hr.workday")).hasSize(30);
    }
  }

  @Test
  @DisplayName(
      "test reads what lies on a topic by its schema, as the service does, and says what waits")
  void schemas() throws Exception {
    Schema schema =
        SchemaBuilder.record("Row")
            .fields()
            .requiredString("Event_ID")
            .requiredString("Event_Type")
            .requiredString("Event_Status")
            .requiredString("Employee_ID")
            .requiredString("Work_Email")
            .requiredString("Last_Day_of_Work")
            .endRecord();
    GenericRecord row = new GenericData.Record(schema);
    row.put("Event_ID", "T-1");
    row.put("Event_Type", "Terminate Employee");
    row.put("Event_Status", "Completed");
    row.put("Employee_ID", "1");
    row.put("Work_Email", "ann@example.com");
    row.put("Last_Day_of_Work", lastDay);
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    value.write(new byte[] {0, 0, 0, 0, 7});
    BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(value, null);
    new GenericDatumWriter<GenericRecord>(schema).write(row, encoder);
    encoder.flush();
    Vertx vertx = Vertx.vertx();
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      HttpServer registry =
          vertx
              .createHttpServer()
              .requestHandler(
                  request -> {
                    boolean isKnown = request.path().equals("/schemas/ids/7");
                    JsonObject answer =
                        isKnown
                            ? new JsonObject().put("schema", schema.toString())
                            : new JsonObject().put("error_code", 40403);
                    request.response().setStatusCode(isKnown ? 200 : 404).end(answer.encode());
                  });
      registry.listen(0, "127.0.0.1").await();
      Topics topics = new Topics(broker.bootstrapServers());
      topics.create("hr.avro", 1, Map.of());
      topics.publish(
          List.of(
              new ProducerRecord<>("hr.avro", value.toByteArray()),
              new ProducerRecord<>("hr.avro", new byte[] {0, 0, 0, 0, 8, 1})));

      Invocation tried =
          new Invocation()
              .withKafka(broker.bootstrapServers())
              .with("OFFBOARDER_SCHEMA_REGISTRY_URL", "http://127.0.0.1:" + registry.actualPort())
              .run("intake", "test", "--preset", "workday", "--from-topic", "hr.avro");

      assertThat(tried.output())
          .contains("workday/leaver  event: due ")
          .contains("\"personEmail\":\"ann@example.com\"")
          .contains("of a schema that the registry does not have (schema 8");
      assertThat(tried.exitCode()).isEqualTo(1);
    } finally {
      vertx.close().await();
    }
  }
}
