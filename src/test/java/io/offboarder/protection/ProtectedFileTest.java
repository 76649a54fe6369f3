package io.offboarder.protection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The protected file")
class ProtectedFileTest {
  private static final String GOOD = "persons: {addresses: [ann@example.com]}";

  @TempDir Path directory;

  @Test
  @DisplayName("holds persons and clients, as they are written")
  void contents() throws IOException {
    ProtectedFile file =
        ProtectedFile.open(
            written(
                """
                # who gets us in when nothing else does
                persons:
                  ids:
                    - 007
                  addresses:
                    - break-glass-*@example.com
                    - "*@board.example.com"
                clients:
                  ids: [no]
                  names:
                    - Webex device
                """));
    assertThat(file.list()).hasToString("3 entries for persons, 2 entries for clients");
    assertThat(file.list().person("007", null)).isPresent();
    assertThat(file.list().person(null, "zoe@board.example.com")).isPresent();
    assertThat(file.list().client("no", null, null)).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|is empty",
        "'# nothing'|is empty",
        "'persons: [ann@example.com]'|persons has no members",
        "'person: {}'|the file has person; expected persons",
        "'persons: {emails: []}'|persons has emails; expected",
        "'persons: {addresses: ann@example.com}'|persons.addresses is no list",
        "'persons: {addresses: [a@example.com, \"\"]}'|persons.addresses, entry 2, is no text",
        "'persons: {ids: [a, b*]}'|persons.ids, entry 2, has a *; expected it under",
        "'persons: {ids: [ann@example.com]}'|has an @; expected it under persons.addresses",
        "'persons: {ids: [ciscospark://us/ORGANIZATION/1]}'|is an id of ORGANIZATION; expected",
        "'persons: {addresses: [*@board.example.com]}'|begins with * needs quotes): see line 1",
        "'persons: {ids: [a]}\npersons: {ids: [b]}'|says one thing twice: see line 2",
      })
  @DisplayName("is refused as a whole where it could be a slip of the pen, in words that help")
  void refused(String yaml, String words) throws IOException {
    Path file = written(yaml.replace("\\n", "\n"));
    assertThat(ProtectedFile.fault(file).orElseThrow()).contains(words);
    assertThatThrownBy(() -> ProtectedFile.open(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @Test
  @DisplayName("may say in so many words that nobody is protected")
  void nobody() throws IOException {
    assertThat(ProtectedFile.open(written("persons:\nclients:\n")).list().persons()).isZero();
  }

  @Test
  @DisplayName("is taken in again once two looks in a row see the same change")
  void changed() throws IOException {
    ProtectedFile file = ProtectedFile.open(written(GOOD));
    written("persons: {addresses: [bob@example.com]}");
    file.refresh();
    assertThat(file.list().person(null, "ann@example.com")).isPresent();
    file.refresh();
    assertThat(file.list().person(null, "ann@example.com")).isEmpty();
    assertThat(file.list().person(null, "bob@example.com")).isPresent();
    assertThat(file.problem()).isNull();
  }

  @Test
  @DisplayName("stays in force as it last was good, while it is broken or gone, and says why")
  void lastGood() throws IOException {
    ProtectedFile file = ProtectedFile.open(written(GOOD));
    written("persons: {addresses: [");
    file.refresh();
    file.refresh();
    assertThat(file.problem()).contains("is not YAML");
    assertThat(file.list().person(null, "ann@example.com")).isPresent();
    Files.delete(directory.resolve("protected.yaml"));
    file.refresh();
    assertThat(file.problem()).contains("does not exist");
    assertThat(file.list().person(null, "ann@example.com")).isPresent();
    written(GOOD);
    file.refresh();
    assertThat(file.problem()).isNull();
  }

  private Path written(String yaml) throws IOException {
    return Files.writeString(directory.resolve("protected.yaml"), yaml);
  }
}
