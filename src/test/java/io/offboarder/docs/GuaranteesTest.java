package io.offboarder.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/GUARANTEES.md")
class GuaranteesTest {
  /** A row of the table of promises: number, promise, tests, and what runs them. */
  private static final Pattern PROMISE =
      Pattern.compile("^\\| (G\\d+) \\| (.+) \\| ([^|]+) \\| ([^|]+) \\|$", Pattern.MULTILINE);

  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|Contract))\\.(\\w+)`");

  /** A row of the table of long tests: class, when it last ran, and with what result. */
  private static final Pattern LAST_RUN =
      Pattern.compile("^\\| `(\\w+)` \\| \\d{4}-\\d{2}-\\d{2} \\| \\S.+ \\|$", Pattern.MULTILINE);

  private final String page = read(Path.of("docs/GUARANTEES.md"));
  private final String pom = read(Path.of("pom.xml"));

  private record Promise(String number, List<MatchResult> tests, String heldBy) {}

  @Test
  @DisplayName("names tests that exist, at least one for each promise")
  void tests() {
    Map<String, String> sources = sources();
    for (Promise promise : promises()) {
      assertExist(promise.number(), promise.tests(), sources);
    }
  }

  @Test
  @DisplayName("is not alone in this: SECURITY.md names some that exist in each row")
  void securityTests() {
    Map<String, String> sources = sources();
    List<String> rows =
        read(Path.of("SECURITY.md")).lines().filter(line -> line.startsWith("| **")).toList();
    assertThat(rows).hasSizeGreaterThan(15);
    for (String row : rows) {
      String name = row.substring(0, row.indexOf(" | "));
      assertExist(name, TEST.matcher(row).results().toList(), sources);
    }
  }

  private static void assertExist(
      String row, List<MatchResult> tests, Map<String, String> sources) {
    assertThat(tests).as(row).isNotEmpty();
    for (MatchResult named : tests) {
      assertThat(sources).containsKey(named.group(1));
      assertThat(sources.get(named.group(1)))
          .as(named.group())
          .containsPattern("void " + named.group(2) + "\\(");
    }
  }

  @Test
  @DisplayName("numbers its promises without a gap, and has a full row for each")
  void rows() {
    List<String> numbers = promises().stream().map(Promise::number).toList();
    assertThat(numbers)
        .hasSizeGreaterThan(30)
        .containsExactlyElementsOf(
            Stream.iterate(1, n -> n + 1).limit(numbers.size()).map(n -> "G" + n).toList());
    assertThat(page.lines().filter(line -> line.matches("\\| G\\d+ .*"))).hasSameSizeAs(numbers);
  }

  @Test
  @DisplayName("says of each promise whether a build holds it, as pom.xml has it")
  void heldBy() {
    Set<String> excluded = excluded();
    assertThat(excluded).isNotEmpty();
    for (Promise promise : promises()) {
      Set<String> runBy =
          promise.tests().stream()
              .map(test -> excluded.contains(test.group(1)) ? "proof" : "build")
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(promise.heldBy()).as(promise.number()).isEqualTo(String.join(", ", runBy));
    }
  }

  @Test
  @DisplayName("says of each test that a build leaves out when it last ran, and how it ended")
  void lastRuns() {
    Set<String> listed =
        LAST_RUN
            .matcher(page)
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(listed).isEqualTo(excluded());
  }

  @Test
  @DisplayName("names no test that the proof leaves out too")
  void proofRunsWhatTheBuildLeavesOut() {
    String proof = pom.substring(pom.indexOf("<id>proof</id>"));
    for (String test : excluded()) {
      assertThat(proof).contains("<include>**/" + test + ".java</include>");
    }
  }

  private List<Promise> promises() {
    return PROMISE
        .matcher(page)
        .results()
        .map(
            row ->
                new Promise(
                    row.group(1), TEST.matcher(row.group(3)).results().toList(), row.group(4)))
        .toList();
  }

  /** Test classes that a build leaves out. */
  private Set<String> excluded() {
    return Pattern.compile("<exclude>\\*\\*/(\\w+)\\.java</exclude>")
        .matcher(pom)
        .results()
        .map(exclude -> exclude.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, String> sources() {
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  GuaranteesTest::read,
                  (one, other) -> one));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
