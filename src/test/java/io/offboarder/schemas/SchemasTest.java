package io.offboarder.schemas;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import io.offboarder.event.Decoded.Understood;
import io.offboarder.event.DecoderSettings;
import io.offboarder.event.EventDecoder;
import io.offboarder.testing.Schemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

@DisplayName("The published schemas")
class SchemasTest {
  private static final Path FOLDER = Path.of("schemas");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Schema> BY_FILE =
      Map.of(
          "user-terminated", Schemas.event("user-terminated"),
          "app-decommissioned", Schemas.event("app-decommissioned"),
          "user-termination-rescinded", Schemas.event("user-termination-rescinded"),
          "app-decommission-rescinded", Schemas.event("app-decommission-rescinded"),
          "outcome", Schemas.OUTCOME);

  @Test
  @DisplayName("accept every sample, and every example in themselves")
  void samples() throws IOException {
    int samples = 0;
    for (Path sample : samplePaths()) {
      JsonNode json = JSON.readTree(sample.toFile());
      boolean event = json.has("data");
      String name = event ? sample.getFileName().toString().replace(".json", "") : "outcome";
      assertThat(Schemas.faults(BY_FILE.get(name), json.toString()))
          .as(sample.toString())
          .isEmpty();
      if (event) {
        assertThat(Schemas.faults(Schemas.structured(name), json.toString())).isEmpty();
      }
      samples++;
    }
    assertThat(samples).isGreaterThanOrEqualTo(4);
    for (Map.Entry<String, Schema> schema : BY_FILE.entrySet()) {
      JsonNode self = JSON.readTree(FOLDER.resolve(schema.getKey() + ".schema.json").toFile());
      for (JsonNode example : self.path("examples")) {
        assertThat(Schemas.faults(schema.getValue(), example.toString())).isEmpty();
      }
    }
  }

  @Test
  @DisplayName("show events that the service understands")
  void samplesAreUnderstood() throws IOException {
    EventDecoder decoder = new EventDecoder(DecoderSettings.defaults());
    for (String sample :
        List.of(
            "user-terminated.json",
            "app-decommissioned.json",
            "user-termination-rescinded.json",
            "app-decommission-rescinded.json")) {
      byte[] bytes = Files.readAllBytes(FOLDER.resolve("samples").resolve(sample));
      assertThat(decoder.decode(new RecordHeaders(), bytes)).isInstanceOf(Understood.class);
      RecordHeaders structured = new RecordHeaders();
      structured.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
      assertThat(decoder.decode(structured, bytes)).isInstanceOf(Understood.class);
    }
  }

  @Test
  @DisplayName("refuse outcomes that claim more than they prove")
  void claims() throws IOException {
    String revoked = Files.readString(FOLDER.resolve("samples/outcome-revoked.json"));
    assertThat(
            Schemas.faults(
                Schemas.OUTCOME, revoked.replace("\"remaining\": 0", "\"remaining\": 1")))
        .isNotEmpty();
    assertThat(
            Schemas.faults(
                Schemas.OUTCOME,
                revoked.replace("\"status\": \"revoked\"", "\"status\": \"failed\"")))
        .isNotEmpty();
    assertThat(
            Schemas.faults(Schemas.OUTCOME, revoked.replace("\"final\": true", "\"final\": false")))
        .isNotEmpty();
  }

  @Test
  @DisplayName("are what the AsyncAPI document points to, and its channels are the default topics")
  void asyncApi() throws IOException {
    String text = Files.readString(FOLDER.resolve("asyncapi.yaml"));
    Map<String, Object> document = new Yaml().load(text);
    assertThat(document)
        .containsEntry("asyncapi", "3.0.0")
        .containsKeys("info", "channels", "operations");
    Set<String> addresses = new TreeSet<>();
    ((Map<?, ?>) document.get("channels"))
        .values()
        .forEach(channel -> addresses.add((String) ((Map<?, ?>) channel).get("address")));
    assertThat(addresses)
        .containsExactly(
            "hr.app-decommissioned",
            "hr.user-terminated",
            "offboarding.cases",
            "offboarding.commands",
            "offboarding.dead-letters",
            "offboarding.journal",
            "offboarding.outcomes");
    Matcher reference = Pattern.compile("\\$ref: '?\"?([^'\"\\s}]+)").matcher(text);
    int references = 0;
    while (reference.find()) {
      references++;
      String target = reference.group(1);
      if (target.startsWith("./")) {
        assertThat(FOLDER.resolve(target)).exists();
      } else {
        Object found = document;
        for (String step : target.substring(2).split("/", -1)) {
          found = ((Map<?, ?>) found).get(step);
          assertThat(found).as(target).isNotNull();
        }
      }
    }
    assertThat(references).isGreaterThan(10);
  }

  private static List<Path> samplePaths() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER.resolve("samples"))) {
      return files.sorted().toList();
    }
  }
}
