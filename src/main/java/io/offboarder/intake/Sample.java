package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offboarder.event.Decoded.Rejected;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Ignored;
import io.offboarder.intake.Reading.Item;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.yaml.YamlNode;
import io.offboarder.yaml.YamlText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * A record, and what is expected to become of it.
 *
 * @param name for people
 * @param record as it would be read
 * @param tables the rows that are looked up, by the tables' names
 * @param expected as written; empty where nothing is expected
 */
public record Sample(
    String name,
    InputRecord record,
    Map<String, Map<String, String>> tables,
    Map<String, Object> expected) {
  private static final String TIME = "2026-11-23T09:00:00Z";
  private static final Set<String> OPTIONAL = Set.of("time", "source");

  /** Copies the tables. */
  public Sample {
    tables = Map.copyOf(tables);
    expected = new LinkedHashMap<>(expected);
  }

  /**
   * The samples that a file holds, with what is expected of them.
   *
   * @throws IllegalArgumentException naming everything that is wrong
   */
  public static List<Sample> readAll(String yaml, String topic) {
    List<String> faults = new ArrayList<>();
    YamlNode root = YamlNode.of("samples", YamlText.load(yaml), faults::add);
    List<Sample> samples = new ArrayList<>();
    for (Object node : root.list("samples")) {
      samples.add(read(YamlNode.of("sample", node, faults::add), topic));
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    return samples;
  }

  /** A sample of which nothing is expected. */
  public static Sample of(
      String name, String topic, byte @Nullable [] key, byte[] value, Map<String, String> headers) {
    RecordHeaders given = new RecordHeaders();
    headers.forEach((header, text) -> given.add(header, text.getBytes(UTF_8)));
    return new Sample(
        name,
        record(topic, Instant.parse(TIME).toEpochMilli(), key, value, given),
        Map.of(),
        Map.of());
  }

  static Sample read(YamlNode written, String preset) {
    String name = written.required("name").orElse("");
    YamlNode node = new YamlNode("sample " + name, written.members(), written.faults());
    node.only(
        Set.of(
            "name", "topic", "key", "headers", "timestamp", "tables", "value", "text", "expect"));
    RecordHeaders headers = new RecordHeaders();
    node.section("headers").forEach((header, value) -> headers.add(header, value.getBytes(UTF_8)));
    Map<String, Map<String, String>> tables = new HashMap<>();
    if (node.has("tables")) {
      YamlNode section = node.child("tables");
      section
          .members()
          .keySet()
          .forEach(
              table -> tables.put(String.valueOf(table), section.section(String.valueOf(table))));
    }
    long time = Instant.parse(node.text("timestamp").orElse(TIME)).toEpochMilli();
    byte[] key = node.text("key").map(text -> text.getBytes(UTF_8)).orElse(null);
    InputRecord record = record(node.text("topic").orElse(preset), time, key, value(node), headers);
    Map<String, Object> expected = new LinkedHashMap<>();
    if (!node.has("expect")) {
      node.fault("expect", "is missing");
      return new Sample(name, record, tables, expected);
    }
    node.child("expect").members().forEach((member, value) -> expected.put("" + member, value));
    return new Sample(name, record, tables, expected);
  }

  private static byte @Nullable [] value(YamlNode node) {
    Object text = node.members().get("text");
    if (text != null) {
      return text.toString().getBytes(UTF_8);
    }
    return node.has("value") ? json(node.members().get("value")).getBytes(UTF_8) : null;
  }

  /** A record of a file, which lies nowhere. */
  static InputRecord record(
      String topic,
      long timestamp,
      byte @Nullable [] key,
      byte @Nullable [] value,
      RecordHeaders headers) {
    return new InputRecord(topic, 0, 0, timestamp, key, value, headers);
  }

  private static String json(@Nullable Object tree) {
    try {
      return new JsonMapper().writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /**
   * What is not as expected, a line for each; none where all is.
   *
   * @param rulePrefix of the rules' names, which a sample may leave out
   */
  public List<String> differences(Reading reading, String rulePrefix) {
    List<String> found = new ArrayList<>();
    if (expected.isEmpty()) {
      found.add("the sample expects nothing");
    } else if (Boolean.TRUE.equals(expected.get("unmatched"))) {
      if (reading instanceof Matched matched) {
        found.add("matched " + matched.rule() + ", expected no rule to");
      }
    } else if (!(reading instanceof Matched matched)) {
      found.add("no rule matched, expected " + expected);
    } else {
      differences(matched, rulePrefix, found);
    }
    return found;
  }

  private void differences(Matched matched, String rulePrefix, List<String> found) {
    compare("rule", expected.get("rule"), matched.rule(), rulePrefix, found);
    if (!(expected.get("events") instanceof List<?> events)) {
      if (matched.items().size() == 1) {
        differences(expected, matched.items().get(0), found);
      } else {
        found.add("was a batch of " + matched.items().size() + ", expected one event");
      }
      return;
    }
    if (events.size() != matched.items().size()) {
      found.add("held " + matched.items().size() + " items, expected " + events.size());
      return;
    }
    for (int i = 0; i < events.size(); i++) {
      List<String> ofItem = new ArrayList<>();
      Map<?, ?> item = (Map<?, ?>) events.get(i);
      compare("rule", item.get("rule"), matched.items().get(i).rule(), rulePrefix, ofItem);
      differences(item, matched.items().get(i), ofItem);
      int number = i;
      ofItem.forEach(line -> found.add("item " + number + ": " + line));
    }
  }

  private static void differences(Map<?, ?> expected, Item item, List<String> found) {
    if (item instanceof Ignored) {
      if (!Boolean.TRUE.equals(expected.get("ignored"))) {
        found.add("was ignored, expected " + expected);
      }
    } else if (((Case) item).decoded() instanceof Rejected rejected) {
      String field = rejected.error().field();
      String place = field.substring(field.indexOf(": ") + 2);
      if (!Objects.equals(expected.get("rejected"), place)) {
        found.add("was rejected: " + rejected.error().message() + "; expected " + expected);
      }
    } else if (expected.get("event") instanceof Map<?, ?> event) {
      compareEvents(event, ((Case) item).event(), found);
    } else {
      found.add("was " + ((Case) item).event() + ", expected " + expected);
    }
  }

  private static void compare(
      String what, @Nullable Object wanted, String was, String prefix, List<String> found) {
    if (wanted != null && !was.equals(prefix + wanted) && !was.equals(wanted)) {
      found.add(what + " was " + was + ", expected " + prefix + wanted);
    }
  }

  private static void compareEvents(Map<?, ?> wanted, String json, List<String> found) {
    Map<String, Object> event = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(YamlText.load(json)))
        .forEach((member, value) -> event.put(String.valueOf(member), value));
    event.keySet().removeIf(name -> OPTIONAL.contains(name) && !wanted.containsKey(name));
    if (!texts(wanted).equals(texts(event))) {
      found.add("was " + texts(event) + ", expected " + texts(wanted));
    }
  }

  /** Its scalars as texts, however YAML reads them. */
  private static Object texts(Object node) {
    if (node instanceof Map<?, ?> members) {
      Map<String, Object> texts = new java.util.TreeMap<>();
      members.forEach((name, member) -> texts.put(String.valueOf(name), texts(member)));
      return texts;
    }
    return String.valueOf(node);
  }
}
