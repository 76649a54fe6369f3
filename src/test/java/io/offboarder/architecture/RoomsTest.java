package io.offboarder.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The rooms of the house")
class RoomsTest {
  private static final String ROOT = "io.offboarder";

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  /** Which rooms a room may know; whoever is not named here may know them all. */
  private static final Map<String, List<String>> KNOWS =
      Map.ofEntries(
          Map.entry("ops", List.of("service", "revocation", "event", "stream", "webex")),
          Map.entry("tracing", List.of("service", "revocation", "event", "webex")),
          Map.entry("service", List.of("event", "revocation", "webex", "stream", "privacy")),
          Map.entry("revocation", List.of("event", "webex")),
          Map.entry("event", List.of()),
          Map.entry("webex", List.of("privacy")),
          Map.entry("privacy", List.of()),
          Map.entry("stream", List.of()),
          Map.entry("sandbox", List.of()),
          Map.entry("config", List.of("stream", "webex")),
          Map.entry("kafka", List.of()));

  @Test
  @DisplayName("a room knows only the rooms below it")
  void downwardsOnly() {
    KNOWS.forEach(
        (room, below) -> {
          String[] others =
              Stream.concat(KNOWS.keySet().stream(), Stream.of("cli"))
                  .filter(other -> !other.equals(room) && !below.contains(other))
                  .map(other -> ROOT + "." + other + "..")
                  .toArray(String[]::new);
          noClasses()
              .that()
              .resideInAPackage(ROOT + "." + room + "..")
              .should()
              .dependOnClassesThat()
              .resideInAnyPackage(others)
              .check(CODE);
        });
  }

  @Test
  @DisplayName("no two rooms know each other")
  void noCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  @DisplayName("only stream and kafka touch Kafka's clients")
  void kafkaClients() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".stream..", ROOT + ".kafka..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(
            "org\\.apache\\.kafka\\.clients\\.(admin\\..*|consumer\\.(Kafka)?Consumer|producer\\.(Kafka)?Producer)")
        .check(CODE);
  }

  @Test
  @DisplayName("only webex touches the HTTP client")
  void httpClient() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".webex..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching("io\\.vertx\\.(ext\\.web\\.client\\..*|core\\.http\\.HttpClient.*)")
        .check(CODE);
  }

  @Test
  @DisplayName("only tracing knows OpenTelemetry")
  void openTelemetry() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".tracing..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(CODE);
  }

  @Test
  @DisplayName("only the command line prints")
  void noPrinting() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CODE);
  }

  @Test
  @DisplayName("there is no static state")
  void noStaticState() {
    List<String> mutable =
        CODE.stream()
            .flatMap(type -> type.getFields().stream())
            .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
            .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL))
            .map(field -> field.getFullName())
            .toList();
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

  private static boolean holdsCode(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> file.toString().endsWith(".java"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
