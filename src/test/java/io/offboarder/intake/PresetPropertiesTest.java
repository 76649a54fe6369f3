package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.intake.Reading.Case;
import io.offboarder.intake.Reading.Ignored;
import io.offboarder.intake.Reading.Matched;
import io.offboarder.intake.Reading.Unmatched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

@DisplayName("The presets, whatever comes")
class PresetPropertiesTest {
  private static final EventDecoder DECODER =
      new EventDecoder(
          new DecoderSettings("Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi8x", ZoneOffset.UTC));

  /** Both read SCIM's security events. */
  private static final Set<String> ALIKE = Set.of("scim", "ssf");

  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  @DisplayName(
      "show by samples a leaver, what is ignored, what is rejected, and what is not theirs")
  Stream<DynamicTest> kinds() {
    return each(
        preset -> {
          Set<String> shown = new TreeSet<>();
          preset.samples().forEach(sample -> collect(sample.expected(), shown));
          assertThat(shown).contains("event", "ignored", "rejected", "unmatched");
        });
  }

  @TestFactory
  @DisplayName("each have a row in the page on intake, which names their tables")
  Stream<DynamicTest> documented() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("docs/INTAKE.md"));
    return each(
        preset -> {
          String row =
              lines.stream()
                  .filter(line -> line.startsWith("| `" + preset.name() + "` |"))
                  .collect(Collectors.joining());
          assertThat(row).isNotEmpty();
          preset.tables().keySet().forEach(table -> assertThat(row).contains("`" + table + "`"));
        });
  }

  private static void collect(Map<?, ?> expected, Set<String> shown) {
    expected.keySet().forEach(member -> shown.add(String.valueOf(member)));
    if (expected.get("events") instanceof List<?> items) {
      items.forEach(item -> collect((Map<?, ?>) item, shown));
    }
  }

  @TestFactory
  @DisplayName("leave each other's records alone, so that they may share a topic")
  Stream<DynamicTest> sharedTopic() {
    return each(
        preset -> {
          for (Preset other : presets()) {
            boolean isAlike = ALIKE.contains(preset.name()) && ALIKE.contains(other.name());
            if (preset.name().equals(other.name()) || isAlike) {
              continue;
            }
            for (Sample sample : other.samples()) {
              assertThat(intake(preset, sample).read(sample.record()))
                  .as("%s: %s", other.name(), sample.name())
                  .isInstanceOf(Unmatched.class);
            }
          }
        });
  }

  @TestFactory
  @DisplayName("take nobody else for the leaver in a record that has lost one of its members")
  Stream<DynamicTest> lostMembers() {
    return each(
        preset -> {
          int lost = 0;
          for (Sample sample : preset.samples()) {
            Intake intake = intake(preset, sample);
            Set<String> leavers = subjects(intake.read(sample.record()));
            for (byte[] without : withoutOneMember(sample.record().value())) {
              assertThat(leavers)
                  .as("%s, as %s", sample.name(), new String(without, UTF_8))
                  .containsAll(
                      leavers.isEmpty()
                          ? Set.of()
                          : subjects(intake.read(with(sample.record(), without))));
              lost++;
            }
          }
          assertThat(lost).isGreaterThan(20);
        });
  }

  @TestFactory
  @DisplayName("neither mix up nor pass over what comes as several records in one array")
  Stream<DynamicTest> arrays() {
    return each(
        preset -> {
          byte[] another = null;
          for (Sample sample : preset.samples()) {
            Intake intake = intake(preset, sample);
            Reading alone = intake.read(sample.record());
            if (another != null && !subjects(alone).isEmpty()) {
              for (byte[] one : withoutOneMember(sample.record().value())) {
                Set<String> known = new TreeSet<>(subjects(alone));
                known.addAll(subjects(intake.read(with(sample.record(), one))));
                known.addAll(subjects(intake.read(with(sample.record(), another))));
                byte[] both = array(one, another);
                assertThat(known)
                    .as("%s, as %s", sample.name(), new String(both, UTF_8))
                    .containsAll(subjects(intake.read(with(sample.record(), both))));
              }
              byte[] whole = array(sample.record().value(), another);
              assertThat(isIgnored(intake.read(with(sample.record(), whole))))
                  .as("%s, as %s", sample.name(), new String(whole, UTF_8))
                  .isFalse();
            }
            another = sample.record().value();
          }
        });
  }

  private static boolean isIgnored(Reading reading) {
    return reading instanceof Matched matched
        && matched.items().stream().allMatch(Ignored.class::isInstance);
  }

  private static byte[] array(byte[] first, byte[] second) throws IOException {
    return JSON.writeValueAsBytes(
        JSON.createArrayNode().add(JSON.readTree(first)).add(JSON.readTree(second)));
  }

  private static Stream<DynamicTest> each(Check check) {
    return presets().stream()
        .map(preset -> DynamicTest.dynamicTest(preset.name(), () -> check.of(preset)));
  }

  private interface Check {
    void of(Preset preset) throws Exception;
  }

  private static List<Preset> presets() {
    return Preset.names().stream().map(name -> Preset.find(name).orElseThrow()).toList();
  }

  /** Its rules are compiled once, for all the records that are read by them. */
  private static Intake intake(Preset preset, Sample sample) throws Exception {
    return new Intake(preset.rulesFor(sample), DECODER, ZoneOffset.UTC);
  }

  private static Set<String> subjects(Reading reading) {
    return reading instanceof Matched matched
        ? matched.items().stream()
            .filter(Case.class::isInstance)
            .map(item -> ((Case) item).decoded())
            .filter(Understood.class::isInstance)
            .map(decoded -> ((Understood) decoded).event().subject().key())
            .filter(Objects::nonNull)
            .collect(Collectors.toSet())
        : Set.of();
  }

  private static InputRecord with(InputRecord record, byte[] value) {
    return new InputRecord(
        record.topic(), 0, 0, record.timestamp(), record.key(), value, record.headers());
  }

  /** The record as often as it has members, each time without another of them. */
  private static List<byte[]> withoutOneMember(byte[] value) throws IOException {
    JsonNode whole = JSON.readTree(value);
    List<byte[]> records = new ArrayList<>();
    cut(whole, whole, records);
    return records;
  }

  private static void cut(JsonNode node, JsonNode whole, List<byte[]> records) throws IOException {
    if (node instanceof ArrayNode array) {
      for (JsonNode element : array) {
        cut(element, whole, records);
      }
    } else if (node instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> member : List.copyOf(object.deepCopy().properties())) {
        JsonNode kept = object.remove(member.getKey());
        records.add(JSON.writeValueAsBytes(whole));
        object.set(member.getKey(), kept);
        cut(kept, whole, records);
      }
    }
  }
}
