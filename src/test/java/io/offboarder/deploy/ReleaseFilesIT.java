package io.offboarder.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Beside the jar, the build")
class ReleaseFilesIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path TARGET = Path.of("target");

  @BeforeAll
  static void online() {
    boolean offline = "offline=true".equals(System.getProperty("offboarder.maven"));
    if (offline) {
      System.err.println(
          "NOT TESTED: bill of materials and provenance, which Maven does not write offline");
    }
    assumeThat(offline).isFalse();
  }

  @Test
  @DisplayName("states in the provenance which files it made, from which commit and of what")
  void provenance() throws Exception {
    JsonNode statement = read("offboarder-provenance.json");
    assertThat(statement.get("_type").asText()).isEqualTo("https://in-toto.io/Statement/v1");
    assertThat(statement.get("predicateType").asText()).isEqualTo("https://slsa.dev/provenance/v1");
    Map<String, String> digests = new TreeMap<>();
    for (JsonNode subject : statement.get("subject")) {
      digests.put(subject.get("name").asText(), subject.at("/digest/sha256").asText());
    }
    assertThat(digests)
        .isEqualTo(
            Map.of(
                "offboarder.jar", sha256("offboarder.jar"),
                "offboarder-sbom.json", sha256("offboarder-sbom.json")));
    JsonNode build = statement.at("/predicate/buildDefinition");
    assertThat(Files.readString(Path.of("docs/BUILD-TYPE.md")))
        .contains(
            build.get("buildType").asText(),
            statement.at("/predicate/runDetails/builder/id").asText());
    List<JsonNode> dependencies = list(build.get("resolvedDependencies"));
    assertThat(dependencies.get(0)).isEqualTo(build.at("/externalParameters/source"));
    assertThat(dependencies)
        .anySatisfy(
            dependency -> {
              assertThat(dependency.path("uri").asText())
                  .startsWith("pkg:maven/io.vertx/vertx-core@");
              assertThat(dependency.at("/digest/sha256").asText()).matches("[0-9a-f]{64}");
            });
  }

  @Test
  @DisplayName(
      "names in the bill of materials the image's base and its Java, as the Dockerfile does")
  void base() throws IOException {
    List<String> bases =
        Files.readAllLines(Path.of("Dockerfile")).stream()
            .filter(line -> line.startsWith("ARG JRE=$"))
            .map(line -> line.replaceAll(".*:-(.*)}", "$1"))
            .toList();
    assertThat(bases).hasSize(1);
    List<JsonNode> components = list(read("offboarder-sbom.json").get("components"));
    assertThat(components.stream().filter(component -> is(component, "container")))
        .singleElement()
        .satisfies(
            image ->
                assertThat(image.get("name").asText() + ":" + image.get("version").asText())
                    .isEqualTo(bases.get(0)));
    assertThat(components.stream().filter(component -> is(component, "platform")))
        .singleElement()
        .satisfies(
            java ->
                assertThat(bases.get(0))
                    .contains(":" + java.get("version").asText().replace('+', '_') + "-jre"));
  }

  private static boolean is(JsonNode component, String type) {
    return component.get("type").asText().equals(type);
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static JsonNode read(String file) throws IOException {
    return JSON.readTree(TARGET.resolve(file).toFile());
  }

  private static String sha256(String file) throws Exception {
    byte[] content = Files.readAllBytes(TARGET.resolve(file));
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
