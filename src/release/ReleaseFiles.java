import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Completes what the build says about itself, in {@code target/}: adds the image's base and its
 * Java to the bill of materials, and writes the provenance of the jar, as docs/BUILD-TYPE.md
 * describes it. The build runs this source file with the built jar as its class path, for the sake
 * of Jackson.
 */
class ReleaseFiles {
  static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  public static void main(String[] arguments) throws Exception {
    Path project = Path.of(arguments[0]);
    Path target = project.resolve("target");
    Path materials = target.resolve("offboarder-sbom.json");
    ObjectNode bill = (ObjectNode) JSON.readTree(materials.toFile());
    new Base(bill).add(Base.image(project), System.getProperty("offboarder.base-files", ""));
    write(materials, bill);
    ObjectNode statement =
        new Provenance(project, bill).of(target.resolve("offboarder.jar"), materials);
    write(target.resolve("offboarder-provenance.json"), statement);
  }

  static void write(Path file, ObjectNode json) throws IOException {
    Files.writeString(file, JSON.writeValueAsString(json) + "\n");
  }

  /** What the image has below the jar, as components of a CycloneDX bill of materials. */
  record Base(ObjectNode bill) {
    private static final Pattern DEFAULT_IMAGE =
        Pattern.compile("^ARG JRE=\\$\\{JRE_IMAGE:-(.+)}$", Pattern.MULTILINE);
    private static final Pattern TEMURIN_TAG = Pattern.compile("^([0-9.]+)_([0-9]+)-jre.*");

    /** The one that the build was given, or else the Dockerfile's. */
    static String image(Path project) throws IOException {
      String given = System.getProperty("offboarder.jre-image", "");
      if (!given.isEmpty()) {
        return given;
      }
      Matcher image = DEFAULT_IMAGE.matcher(Files.readString(project.resolve("Dockerfile")));
      if (!image.find()) {
        throw new IllegalStateException("the Dockerfile has no line \"ARG JRE=${JRE_IMAGE:-…}\"");
      }
      return image.group(1);
    }

    /**
     * @param image such as {@code eclipse-temurin:25.0.3_9-jre-noble}, with a digest or without
     * @param files a folder with the image's {@code release}, {@code os-release} and {@code status}
     *     (of dpkg), or empty; without, the image's name is all that is known of it
     */
    void add(String image, String files) throws IOException {
      String[] nameAndDigest = image.split("@", 2);
      int colon = nameAndDigest[0].lastIndexOf(':');
      String name = colon < 0 ? nameAndDigest[0] : nameAndDigest[0].substring(0, colon);
      String tag = colon < 0 ? "" : nameAndDigest[0].substring(colon + 1);
      String version = nameAndDigest.length == 2 ? nameAndDigest[1] : tag;
      ObjectNode base = component("container", name, version, "pkg:docker/" + name + "@" + version);
      Matcher temurin = TEMURIN_TAG.matcher(tag);
      String java = temurin.matches() ? temurin.group(1) + "+" + temurin.group(2) : tag;
      if (!files.isEmpty()) {
        java = settings(Path.of(files, "release")).get("JAVA_RUNTIME_VERSION");
        addPackages(base.putArray("components"), Path.of(files));
      }
      component("platform", "Eclipse Temurin JRE", java, "pkg:generic/eclipse-temurin-jre@" + java);
    }

    private ObjectNode component(String type, String name, String version, String purl) {
      ArrayNode components = (ArrayNode) bill.get("components");
      ObjectNode root = (ObjectNode) bill.get("metadata").get("component");
      for (int i = components.size() - 1; i >= 0; i--) {
        if (components.get(i).get("bom-ref").asText().equals(purl)) {
          components.remove(i);
        }
      }
      ObjectNode component = components.addObject();
      component.put("type", type).put("bom-ref", purl).put("name", name).put("version", version);
      component.put("purl", purl);
      component.put(
          "description",
          "What the image stands on; the jar also runs on Java 17 or newer elsewhere");
      bill.get("dependencies").forEach(dependency -> dependsOn(dependency, root, purl));
      return component;
    }

    private static void dependsOn(JsonNode dependency, ObjectNode root, String purl) {
      if (dependency.get("ref").equals(root.get("bom-ref"))
          && dependency.get("dependsOn") instanceof ArrayNode on
          && !on.toString().contains('"' + purl + '"')) {
        on.add(purl);
      }
    }

    private static void addPackages(ArrayNode packages, Path files) throws IOException {
      Map<String, String> system = settings(files.resolve("os-release"));
      String distribution = system.get("ID") + "-" + system.get("VERSION_ID");
      for (String paragraph : Files.readString(files.resolve("status")).split("\n\n")) {
        Map<String, String> fields =
            paragraph
                .lines()
                .filter(line -> line.matches("(Package|Version|Architecture|Status): .*"))
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
        if (fields.getOrDefault("Status", "").endsWith(" installed")) {
          String purl =
              "pkg:deb/%s/%s@%s?arch=%s&distro=%s"
                  .formatted(
                      system.get("ID"),
                      fields.get("Package"),
                      fields.get("Version"),
                      fields.get("Architecture"),
                      distribution);
          ObjectNode component = packages.addObject().put("type", "library").put("bom-ref", purl);
          component.put("name", fields.get("Package")).put("version", fields.get("Version"));
          component.put("purl", purl);
        }
      }
    }

    /** Lines such as {@code NAME="value"}. */
    private static Map<String, String> settings(Path file) throws IOException {
      Map<String, String> settings = new LinkedHashMap<>();
      for (String line : Files.readAllLines(file)) {
        String[] pair = line.split("=", 2);
        if (pair.length == 2) {
          settings.put(pair[0], pair[1].replace("\"", ""));
        }
      }
      return settings;
    }
  }

  /** An in-toto statement with a SLSA predicate: from which sources and how the files were made. */
  record Provenance(Path project, ObjectNode bill) {
    ObjectNode of(Path... files) throws Exception {
      ObjectNode statement =
          JSON.createObjectNode().put("_type", "https://in-toto.io/Statement/v1");
      ArrayNode subjects = statement.putArray("subject");
      for (Path file : files) {
        ObjectNode subject = subjects.addObject().put("name", file.getFileName().toString());
        subject.putObject("digest").put("sha256", sha256(file));
      }
      statement.put("predicateType", "https://slsa.dev/provenance/v1");
      ObjectNode predicate = statement.putObject("predicate");
      ObjectNode definition = predicate.putObject("buildDefinition");
      definition.put("buildType", "https://offboarder.dev/build-types/maven/v1");
      ObjectNode source = source();
      definition.putObject("externalParameters").put("goal", "package").set("source", source);
      ObjectNode internal = definition.putObject("internalParameters");
      internal.put("jdk", Runtime.version() + " " + System.getProperty("java.vendor"));
      internal.put("maven", System.getProperty("offboarder.maven"));
      internal.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
      ArrayNode dependencies = definition.putArray("resolvedDependencies").add(source);
      bill.get("components").forEach(component -> addDependency(dependencies, component));
      ObjectNode run = predicate.putObject("runDetails");
      run.putObject("builder").put("id", System.getProperty("offboarder.builder"));
      run.putObject("metadata").put("startedOn", System.getProperty("offboarder.started"));
      return statement;
    }

    private ObjectNode source() throws InterruptedException {
      ObjectNode source = JSON.createObjectNode().put("name", "source");
      String repository = System.getProperty("offboarder.repository", "");
      if (!repository.isEmpty()) {
        source.put("uri", "git+" + repository);
      }
      String given = System.getProperty("offboarder.commit", "");
      String commit = given.isEmpty() ? git("rev-parse", "HEAD") : given;
      if (!commit.isEmpty()) {
        source.putObject("digest").put("gitCommit", commit);
      }
      if (given.isEmpty()) {
        boolean clean = !commit.isEmpty() && git("status", "--porcelain").isEmpty();
        source.putObject("annotations").put("asCommitted", clean);
      }
      return source;
    }

    /** What git says; nothing where there is no git or no checkout. */
    private String git(String... arguments) throws InterruptedException {
      try {
        ProcessBuilder git = new ProcessBuilder("git").directory(project.toFile());
        git.command().addAll(List.of(arguments));
        Process process = git.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        return process.waitFor() == 0 ? said : "";
      } catch (IOException e) {
        return "";
      }
    }

    private static void addDependency(ArrayNode dependencies, JsonNode component) {
      for (var hash : component.path("hashes")) {
        if (hash.get("alg").asText().equals("SHA-256")) {
          ObjectNode dependency =
              dependencies.addObject().put("uri", component.get("purl").asText());
          dependency.putObject("digest").put("sha256", hash.get("content").asText());
        }
      }
    }

    private static String sha256(Path file) throws IOException, GeneralSecurityException {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    }
  }
}
