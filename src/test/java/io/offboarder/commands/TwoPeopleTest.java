package io.offboarder.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.commands.PersonsCommand.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Where it takes two people,")
class TwoPeopleTest {
  private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");
  private final TwoPeople twoPeople = new TwoPeople(Duration.ofHours(1));

  @Test
  @DisplayName("a second person's word makes the first one's count, for the cases of both")
  void agreed() {
    assertThat(heard(Verb.RELEASE, "ann", 0, "c1", "c2")).isEmpty();
    assertThat(heard(Verb.RELEASE, "bob", 10, "c2", "c3")).containsExactly("c2");
    assertThat(heard(Verb.RELEASE, "ann", 20, "c3")).containsExactly("c3");
    assertThat(heard(Verb.RELEASE, "bob", 30, "c1")).containsExactly("c1");
  }

  @Test
  @DisplayName("one person's second word is no second person's, however the name is written")
  void samePerson() {
    assertThat(heard(Verb.RELEASE, "ann", 0, "c1")).isEmpty();
    assertThat(heard(Verb.RELEASE, " Ann", 10, "c1")).isEmpty();
    assertThat(twoPeople.waiting(Verb.RELEASE, "c1", NOW.plusSeconds(600)).command().by())
        .isEqualTo(" Ann");
  }

  @Test
  @DisplayName("a release is not the second word of a discard")
  void anotherVerb() {
    assertThat(heard(Verb.RELEASE, "ann", 0, "c1")).isEmpty();
    assertThat(heard(Verb.DISCARD, "bob", 1, "c1")).isEmpty();
  }

  @Test
  @DisplayName("the first word waits no longer than the setting says, by the topic's times")
  void expires() {
    assertThat(heard(Verb.RELEASE, "ann", 0, "c1")).isEmpty();
    assertThat(twoPeople.waiting(Verb.RELEASE, "c1", NOW.plusSeconds(3_599))).isNotNull();
    assertThat(twoPeople.waiting(Verb.RELEASE, "c1", NOW.plusSeconds(3_600))).isNull();
    assertThat(heard(Verb.RELEASE, "bob", 60, "c1")).isEmpty();
    assertThat(heard(Verb.RELEASE, "ann", 119, "c1")).containsExactly("c1");
  }

  private List<String> heard(Verb verb, String by, int minutes, String... cases) {
    PersonsCommand command =
        new PersonsCommand(
            UUID.randomUUID().toString(), verb, List.of(cases), null, null, by, "checked", NOW);
    return List.copyOf(
        twoPeople.heard(new Said(command, NOW.plus(Duration.ofMinutes(minutes)))).keySet());
  }
}
