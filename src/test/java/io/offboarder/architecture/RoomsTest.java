package io.offboarder.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.function.Predicate.not;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.offboarder.Offboarder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The rooms of the house")
class RoomsTest {
  private static final String ROOT = "io.offboarder";
  private static final String ENTRY = "(entry)";

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .importUrl(Offboarder.class.getProtectionDomain().getCodeSource().getLocation());

  /** Every package, and the packages below it that it may use. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.ofEntries(
          Map.entry(ENTRY, Set.of("cli", "config", "text")),
          Map.entry(
              "cli",
              Set.of(
                  "commands",
                  "guard",
                  "id",
                  "signature",
                  "cases",
                  "config",
                  "event",
                  "intake",
                  "kafka",
                  "registry",
                  "port",
                  "webhook",
                  "ops",
                  "policy",
                  "privacy",
                  "protection",
                  "revocation",
                  "sandbox",
                  "service",
                  "stream",
                  "text",
                  "tracing",
                  "webex",
                  "webex.credentials",
                  "webex.gate",
                  "webex.http",
                  "webex.limit")),
          Map.entry(
              "ops",
              Set.of(
                  "port",
                  "commands",
                  "guard",
                  "signature",
                  "service",
                  "cases",
                  "protection",
                  "revocation",
                  "event",
                  "stream",
                  "webex.gate",
                  "webex.http")),
          Map.entry("tracing", Set.of("service", "revocation", "event", "webex.http")),
          Map.entry(
              "service",
              Set.of(
                  "commands",
                  "guard",
                  "kafka",
                  "signature",
                  "cases",
                  "event",
                  "intake",
                  "registry",
                  "policy",
                  "protection",
                  "revocation",
                  "webex",
                  "webex.gate",
                  "webex.http",
                  "stream",
                  "privacy")),
          Map.entry(
              "revocation",
              Set.of("event", "protection", "webex", "webex.gate", "webex.http", "id")),
          Map.entry("policy", Set.of("event", "protection", "text")),
          Map.entry("protection", Set.of("event", "id", "text", "yaml")),
          Map.entry("guard", Set.of()),
          Map.entry("commands", Set.of("kafka", "text")),
          Map.entry("cases", Set.of("event", "kafka")),
          Map.entry("intake", Set.of("event", "text", "time", "yaml")),
          Map.entry("yaml", Set.of("text")),
          Map.entry("port", Set.of()),
          Map.entry("webhook", Set.of("kafka", "port", "signature", "yaml")),
          Map.entry("registry", Set.of("webex.http")),
          Map.entry("event", Set.of("id", "text", "time")),
          Map.entry("time", Set.of()),
          Map.entry(
              "webex",
              Set.of(
                  "webex.gate",
                  "webex.credentials",
                  "webex.http",
                  "webex.limit",
                  "webex.loop",
                  "privacy",
                  "time")),
          Map.entry(
              "webex.gate",
              Set.of("webex.credentials", "webex.http", "webex.limit", "webex.loop", "privacy")),
          Map.entry("webex.credentials", Set.of("webex.http", "webex.loop")),
          Map.entry("webex.loop", Set.of()),
          Map.entry("webex.http", Set.of("text")),
          Map.entry("webex.limit", Set.of()),
          Map.entry("privacy", Set.of("id")),
          Map.entry("signature", Set.of("webex.http")),
          Map.entry("id", Set.of()),
          Map.entry("text", Set.of()),
          Map.entry("stream", Set.of()),
          Map.entry("sandbox", Set.of()),
          Map.entry(
              "config",
              Set.of(
                  "event",
                  "intake",
                  "protection",
                  "signature",
                  "stream",
                  "text",
                  "webex.credentials",
                  "webex.http",
                  "webhook",
                  "yaml")),
          Map.entry("kafka", Set.of()));

  /** Records, headers and metrics: Kafka's values, which every room may read. */
  private static final Pattern KAFKA_VALUES =
      Pattern.compile(
          "org\\.apache\\.kafka\\.(clients\\.consumer\\.ConsumerRecord"
              + "|clients\\.producer\\.ProducerRecord"
              + "|common\\.header\\..*|common\\.record\\.TimestampType|common\\.TopicPartition"
              + "|common\\.Metric|common\\.MetricName)");

  private static final Pattern HTTP_CLIENT =
      Pattern.compile(
          "io\\.vertx\\.ext\\.web\\.client\\..*|io\\.vertx\\.core\\.http\\.(Web)?(Http|WebSocket)Client.*"
              + "|java\\.net\\.http\\..*|java\\.net\\.(Http)?URLConnection|io\\.vertx\\.core\\.net\\.NetClient.*");

  @Test
  @DisplayName("are all listed here")
  void everyRoomIsListed() {
    Set<String> rooms = CODE.stream().map(RoomsTest::room).collect(Collectors.toSet());
    assertThat(rooms).isEqualTo(MAY_USE.keySet());
  }

  @Test
  @DisplayName("a room uses only rooms below it")
  void downwardsOnly() {
    Set<String> notAllowed = new TreeSet<>();
    for (JavaClass type : CODE) {
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(ROOT))
          .map(RoomsTest::room)
          .filter(not(room(type)::equals))
          .filter(not(MAY_USE.getOrDefault(room(type), Set.of())::contains))
          .forEach(target -> notAllowed.add(room(type) + " -> " + target));
    }
    assertThat(notAllowed).isEmpty();
  }

  @Test
  @DisplayName("what a room may use never leads back to it")
  void noCycles() {
    for (String room : MAY_USE.keySet()) {
      assertThat(reachable(room, new TreeSet<>())).as(room).doesNotContain(room);
    }
  }

  private static Set<String> reachable(String room, Set<String> found) {
    for (String below : MAY_USE.get(room)) {
      if (found.add(below)) {
        reachable(below, found);
      }
    }
    return found;
  }

  @Test
  @DisplayName("only stream and kafka use Kafka's clients; others see records, headers and metrics")
  void kafkaClients() {
    noClasses()
        .that(
            are(
                "outside stream, kafka and config",
                type -> !isIn(type, "stream", "kafka", "config")))
        .should()
        .dependOnClassesThat(
            are(
                "Kafka's, but no records, headers or metrics",
                type ->
                    type.getPackageName().startsWith("org.apache.kafka")
                        && !KAFKA_VALUES.matcher(type.getName()).matches()))
        .check(CODE);
  }

  @Test
  @DisplayName("config knows the names of Kafka's settings, and nothing else of Kafka")
  void kafkaSettingNames() {
    noClasses()
        .that(are("in config", type -> isIn(type, "config")))
        .should()
        .dependOnClassesThat(
            are(
                "Kafka's, but not the names of its settings",
                type ->
                    type.getPackageName().startsWith("org.apache.kafka")
                        && !type.getSimpleName().endsWith("Config")))
        .check(CODE);
  }

  @Test
  @DisplayName(
      "only webex.http is an HTTP client, but for the management client, which asks the service itself")
  void httpClient() {
    noClasses()
        .that(
            are(
                "outside webex.http, and not the management client",
                type ->
                    !isIn(type, "webex.http")
                        && !outermost(type).getName().equals(ROOT + ".cli.ManagementClient")))
        .should()
        .dependOnClassesThat(
            are("an HTTP client", type -> HTTP_CLIENT.matcher(type.getName()).matches()))
        .check(CODE);
  }

  @Test
  @DisplayName("only tracing knows OpenTelemetry")
  void openTelemetry() {
    noClasses()
        .that(are("outside tracing", type -> !isIn(type, "tracing")))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(CODE);
  }

  @Test
  @DisplayName("only the command line prints")
  void noPrinting() {
    noClasses()
        .that(are("outside cli", type -> !isIn(type, "cli")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CODE);
  }

  @Test
  @DisplayName("there is no static state: what is static is final, and so is everything inside it")
  void noStaticState() {
    List<String> mutable =
        CODE.stream().flatMap(type -> StaticState.of(type.reflect()).stream()).toList();
    assertThat(mutable).isEmpty();
  }

  @Test
  @DisplayName("every room has a sentence over its door")
  void packageInfo() throws IOException {
    try (Stream<Path> folders = Files.walk(Path.of("src/main/java"))) {
      List<Path> without =
          folders
              .filter(Files::isDirectory)
              .filter(RoomsTest::holdsCode)
              .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
              .toList();
      assertThat(without).isEmpty();
    }
  }

  private static String room(JavaClass type) {
    JavaPackage itsPackage = type.getPackage();
    return itsPackage.getName().equals(ROOT)
        ? ENTRY
        : itsPackage.getName().substring(ROOT.length() + 1);
  }

  private static boolean isIn(JavaClass type, String... rooms) {
    return List.of(rooms).contains(room(type));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(RoomsTest::outermost).orElse(type);
  }

  private static DescribedPredicate<JavaClass> are(
      String description, java.util.function.Predicate<JavaClass> predicate) {
    return describe(description, predicate);
  }

  private static boolean holdsCode(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
