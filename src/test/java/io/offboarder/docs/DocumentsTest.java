package io.offboarder.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.revocation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The documents")
class DocumentsTest {
  private static final int COLUMNS = 120;

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  @Test
  @DisplayName("fit 120 columns, but for rows of tables, which Markdown cannot break")
  void columns() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path page : pages()) {
      List<String> lines = Files.readAllLines(page);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        if (!line.startsWith("|") && line.codePointCount(0, line.length()) > COLUMNS) {
          tooLong.add(page + ":" + (i + 1));
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  @DisplayName("link to files that exist")
  void links() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        if (!Files.exists(page.resolveSibling(link.group(1)))) {
          broken.add(page + " -> " + link.group(1));
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  @DisplayName("have no table that an empty line cuts in two, whose rest Markdown shows as text")
  void tables() throws IOException {
    for (Path page : pages()) {
      assertThat(Files.readString(page))
          .as(page.toString())
          .doesNotContainPattern("\\|\n\n\\|(?![^\n]*\n\\|[ |:-]+\n)");
    }
  }

  @Test
  @DisplayName("say of each status what it means for the person, and who acts")
  void statuses() throws IOException {
    String runbook = Files.readString(Path.of("docs/RUNBOOK.md"));
    for (Outcome.Status status : Outcome.Status.values()) {
      assertThat(runbook)
          .containsPattern("\\| (\\*\\*)?`" + status + "`(\\*\\*)? \\| \\S.+ \\| \\S.+ \\|");
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : List.of("", "docs", "docs/decisions")) {
      try (Stream<Path> files = Files.list(Path.of(folder))) {
        files.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
      }
    }
    assertThat(pages).hasSizeGreaterThan(20);
    return pages;
  }
}
