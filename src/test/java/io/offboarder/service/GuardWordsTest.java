package io.offboarder.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.commands.PersonsCommand;
import io.offboarder.commands.PersonsCommand.Verb;
import io.offboarder.commands.Said;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What people say to the guard")
class GuardWordsTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration LONG_AGO = Duration.ofDays(20);

  private final List<String> announced = new ArrayList<>();
  private final GuardWords words =
      new GuardWords(
          word -> {
            announced.add(new String(word, UTF_8));
            return Future.succeededFuture();
          },
          Clock.fixed(NOW, ZoneOffset.UTC));

  @Test
  @DisplayName("is passed on at once")
  void atOnce() {
    say("a", Verb.TRIP_GUARD, null, Duration.ZERO);
    say("b", Verb.RESET_GUARD, "terminations", Duration.ofMinutes(5));
    words.known();
    assertThat(announced)
        .containsExactly("{\"trip\":\"a\"}", "{\"reset\":\"b\",\"kind\":\"terminations\"}");
  }

  @Test
  @DisplayName("is passed on however long ago it was said, if it is a trip that still stands")
  void whileNoneRan() {
    say("a", Verb.TRIP_GUARD, null, LONG_AGO);
    say("b", Verb.RESET_GUARD, "terminations", LONG_AGO);
    assertThat(announced).isEmpty();
    words.known();
    assertThat(announced).containsExactly("{\"trip\":\"a\",\"kind\":\"decommissions\"}");
  }

  @Test
  @DisplayName("is not passed on again once a later word has reset it")
  void longOver() {
    say("a", Verb.TRIP_GUARD, null, LONG_AGO);
    say("b", Verb.RESET_GUARD, null, LONG_AGO);
    words.known();
    assertThat(announced).isEmpty();
  }

  @Test
  @DisplayName("is left alone where it is about what this version does not know")
  void unknown() {
    say("a", Verb.TRIP_GUARD, "promotions", Duration.ZERO);
    words.known();
    assertThat(announced).isEmpty();
  }

  private void say(String id, Verb verb, String kind, Duration ago) {
    Instant at = NOW.minus(ago);
    words.heard(
        new Said(new PersonsCommand(id, verb, List.of(), kind, null, "ann", "why", at), at));
  }
}
