package io.offboarder.commands;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.commands.PersonsCommand.Verb;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A command's record")
class CommandFormatTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final CommandFormat format = new CommandFormat();

  @Test
  @DisplayName("says what was said")
  void roundTrip() {
    PersonsCommand command = command("ann", "HR confirms \u2013 \ud83d\ude00");
    assertThat(format.read(format.write(command).getBytes(UTF_8))).contains(command);
  }

  @Test
  @DisplayName("is shown cut and in one line, because each outcome of each of its cases repeats it")
  void cut() {
    String endless = "\u001b[2J\n" + "\ud83d\ude00".repeat(100_000);
    PersonsCommand read =
        format.read(format.write(command(endless, endless)).getBytes(UTF_8)).orElseThrow();
    for (String shown : List.of(read.by(), read.reason())) {
      assertThat(shown.codePointCount(0, shown.length())).isLessThanOrEqualTo(500);
      assertThat(shown.codePoints()).noneMatch(c -> c < ' ' || (c >= 0xd800 && c <= 0xdfff));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{", "{\"command\":\"pause\"}", "\u0000\u0001"})
  @DisplayName("that is none is not taken for one")
  void foreign(String value) {
    assertThat(format.read(value.getBytes(UTF_8))).isEmpty();
  }

  private static PersonsCommand command(String by, String reason) {
    return new PersonsCommand("c1", Verb.RELEASE, List.of("case-1"), null, null, by, reason, NOW);
  }
}
