package io.offboarder.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.offboarder.testing.Company;
import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.text.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each topic that a command prints of holds text that tells a terminal what to do. */
@DisplayName("What came from outside")
class TerminalEscapesTest {
  private static final String HOSTILE =
      "a\u001b[2J\u001b]0;x\u0007\u009b31m\u202eb\u2066\u200b\r\n\u2028FAIL\u0000\u007f";

  /** These keep their meaning, or the reader passes the record over. */
  private static final List<String> KEPT =
      List.of(
          "state",
          "due",
          "since",
          "kind",
          "at",
          "time",
          "receivedAt",
          "command",
          "status",
          "topic",
          "completedAt",
          "key",
          "value",
          "final",
          "caseId");

  private final JsonMapper mapper = new JsonMapper();

  @TempDir Path folder;

  @Test
  @DisplayName("tells no terminal what to do, whichever command prints it")
  void nothingForTheTerminal() throws IOException {
    try (EmbeddedBroker broker = EmbeddedBroker.start()) {
      Company company = Company.on(broker.bootstrapServers(), "escapes", 1);
      company.topics().publish(records(company));
      Path events = Files.write(folder.resolve("events.json"), hostileEvent().getBytes(UTF_8));

      int printed = 0;
      for (List<String> command : commands(events.toString())) {
        Invocation run =
            new Invocation()
                .with(company.environment())
                .with("OFFBOARDER_INTAKE", RULES)
                .run(command.toArray(String[]::new));
        String shown = run.output() + String.join("\n", run.errors());
        assertThat(shown.codePoints().filter(c -> c != '\n'))
            .as("%s: %s", command, shown)
            .allMatch(Printable::isPrintable);
        assertThat(run.output().lines().map(String::strip))
            .as("%s", command)
            .noneMatch(line -> line.startsWith("FAIL") && !command.contains("test"));
        printed += run.output().contains("31m") ? 1 : 0;
      }

      // Else it would show nothing.
      assertThat(printed).isGreaterThan(6);
    }
  }

  private static final String RULES =
      "[{name: any, when: '$exists(id)', action: terminate, subject: {personEmail: id}}]";

  private static List<List<String>> commands(String events) {
    List<List<String>> commands = new ArrayList<>();
    commands.add(List.of("dead-letters", "show", "0:0"));
    commands.add(List.of("dead-letters", "show", "0:0", "-o", "json"));
    commands.add(List.of("case", "show", "case-1"));
    commands.add(List.of("case", "show", HOSTILE));
    commands.add(List.of("case", "release", "--all", "--reason", HOSTILE));
    commands.add(List.of("case", "discard", "--all", "--reason", HOSTILE, "-o", "json"));
    commands.add(List.of("guard", "status"));
    commands.add(List.of("guard", "status", "-o", "json"));
    commands.add(List.of("status"));
    commands.add(List.of("status", "-o", "json"));
    commands.add(List.of("replay", "--dead-letters"));
    commands.add(List.of("outcomes", "--no-follow", "-o", "csv"));
    commands.add(List.of("intake", "test", events));
    commands.add(List.of("intake", "test", events, "-o", "json"));
    commands.add(List.of("intake", "test", "--from-topic", HOSTILE));
    commands.add(List.of("send", "--file", events));
    for (List<String> list :
        List.of(
            List.of("outcomes", "--no-follow"),
            List.of("dead-letters", "list"),
            List.of("case", "list"))) {
      commands.add(list);
      List<String> json = new ArrayList<>(list);
      json.addAll(List.of("-o", "json"));
      commands.add(json);
    }
    return commands;
  }

  private String hostileEvent() throws IOException {
    return hostile("{'id':'x','type':'user-terminated','source':'x','personEmail':'x'}").toString();
  }

  private List<ProducerRecord<byte[], byte[]>> records(Company company) throws IOException {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    String subject = "'subject':{'personEmail':'x','orgId':'x','applicationName':'x'}";
    String outcome =
        "{'id':'x','status':'%s','final':true,'eventId':'x','eventType':'x','caseId':'x',"
            + subject
            + ",'error':{'code':'x','field':'x','message':'x'},'decision':{'code':'x','reason':'x'},"
            + "'authorizations':[{'id':'x','applicationName':'x','result':'revoked','error':'x'}],"
            + "'completedAt':'2026-11-23T12:00:00Z','notes':['x']}";
    for (String status : List.of("failed", "revoked", "x")) {
      records.add(record(company.outcomes(), "k", hostile(outcome.formatted(status))));
    }
    String waiting =
        "{'caseId':'case-1','state':'held','due':'2026-11-23T12:00:00Z',"
            + "'since':'2026-11-23T12:00:00Z','why':'x','event':{'kind':'user-terminated','id':'x',"
            + "'type':'x','source':'x','reason':'x','notes':['x']},"
            + subject
            + ",'record':{'topic':'t','partition':0,'offset':0,'timestamp':1,"
            + "'receivedAt':'2026-11-23T12:00:00Z','key':null,'value':null,'headers':[]}}";
    records.add(record(company.cases(), "case-1", hostile(waiting)));
    records.add(record(company.cases(), "case-2", hostile(waiting.replace("case-1", HOSTILE))));
    for (String verb : List.of("pause", "release", "guard-trip", "guard-reset")) {
      String command =
          "{'id':'x','command':'%s','by':'x','reason':'x','at':'2026-11-23T12:00:00Z',"
              + "'cases':['case-1'],'kind':'x','org':'x'}";
      records.add(record(company.commands(), "k", hostile(command.formatted(verb))));
    }
    ProducerRecord<byte[], byte[]> letter =
        record(company.deadLetters(), HOSTILE, hostile("{'id':'x'}"));
    letter.headers().add(HOSTILE, HOSTILE.getBytes(UTF_8));
    for (String header :
        List.of("topic", "partition", "offset", "timestamp", "status", "code", "message")) {
      letter.headers().add("__offboarder.errors." + header, HOSTILE.getBytes(UTF_8));
    }
    records.add(letter);
    ProducerRecord<byte[], byte[]> known =
        record(company.deadLetters(), HOSTILE, hostile("{'id':'x'}"));
    Map.of(
            "topic", company.terminated(),
            "partition", "0",
            "offset", "1",
            "timestamp", "0",
            "status", "rejected",
            "code", HOSTILE,
            "message", HOSTILE)
        .forEach(
            (name, text) ->
                known.headers().add("__offboarder.errors." + name, text.getBytes(UTF_8)));
    records.add(known);
    return records;
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, String key, JsonNode value) {
    return new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value.toString().getBytes(UTF_8));
  }

  /** The same with the text in each member that is free to hold any. */
  private JsonNode hostile(String json) throws IOException {
    return hostile(mapper.readTree(json.replace('\'', '"').replace(HOSTILE, "case-2")));
  }

  private static JsonNode hostile(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (!KEPT.contains(name) || object.get(name).asText().equals("x")) {
                  object.set(name, hostile(object.get(name)));
                }
              });
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, hostile(array.get(i)));
      }
    }
    return node.isTextual() && node.asText().equals("x") ? new TextNode(HOSTILE) : node;
  }
}
