package io.offboarder.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What the build may not go below")
class DependenciesTest {
  private static final Pattern ENFORCED = Pattern.compile("<exclude>([^<]+):\\[,([^)]+)\\)<");
  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `([\\w.*:-]+)` \\| (\\S+) \\| \\S.{20,} \\|$", Pattern.MULTILINE);

  @Test
  @DisplayName("is what docs/DEPENDENCIES.md gives reasons for, and nothing else")
  void floors() throws IOException {
    Set<String> documented = floors(DOCUMENTED, Path.of("docs/DEPENDENCIES.md"));

    assertThat(documented).isNotEmpty().isEqualTo(floors(ENFORCED, Path.of("pom.xml")));
  }

  private static Set<String> floors(Pattern pattern, Path file) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map((MatchResult floor) -> floor.group(1) + " " + floor.group(2))
        .collect(Collectors.toSet());
  }

  @Test
  @DisplayName("Netty's modules are of one version, the one that pom.xml names")
  void oneNetty() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));

    assertThat(Version.identify().values())
        .extracting(Version::artifactVersion)
        .isNotEmpty()
        .allSatisfy(version -> assertThat(pom).contains("<netty.version>" + version + "<"));
  }
}
