package io.offboarder.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("docs/GUARANTEES.md")
class GuaranteesTest {
  private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT|Contract))\\.(\\w+)`");

  @Test
  @DisplayName("names tests that exist")
  void tests() throws IOException {
    Map<String, String> sources;
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      sources =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .collect(
                  Collectors.toMap(
                      file -> file.getFileName().toString().replace(".java", ""),
                      GuaranteesTest::read,
                      (one, other) -> one));
    }
    Matcher named = TEST.matcher(Files.readString(Path.of("docs/GUARANTEES.md")));
    int found = 0;
    while (named.find()) {
      assertThat(sources).containsKey(named.group(1));
      assertThat(sources.get(named.group(1)))
          .as(named.group())
          .containsPattern("void " + named.group(2) + "\\(");
      found++;
    }
    assertThat(found).isGreaterThan(20);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
