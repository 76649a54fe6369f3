package io.offboarder.cases;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.cases.Cancellation.Cause;
import io.offboarder.cases.CaseEvent.Input;
import io.offboarder.cases.CaseEvent.Target;
import io.offboarder.cases.NextAct.Cancel;
import io.offboarder.cases.NextAct.Conclude;
import io.offboarder.cases.NextAct.Drop;
import io.offboarder.cases.NextAct.Perform;
import io.offboarder.cases.NextAct.Wait;
import io.offboarder.cases.NextAct.WaitForOthers;
import io.offboarder.cases.WaitingCase.Done;
import io.offboarder.event.EventType;
import io.offboarder.event.Identifier;
import io.offboarder.event.Subject;
import io.offboarder.event.Subject.App;
import io.offboarder.event.Subject.Person;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The table of what waits")
class CaseTableTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Instant LATER = NOW.plus(Duration.ofDays(3));
  private static final Subject ANN = person(null, "ann@example.com");

  private final CaseTable table = new CaseTable();
  private long offset;

  @Test
  @DisplayName("a scheduled case waits for its time, and then is to be done")
  void scheduled() {
    put(termination("t", ANN, NOW), CaseState.SCHEDULED, LATER);
    assertThat(next("t", NOW)).contains(new Wait(LATER));
    assertThat(next("t", LATER)).contains(new Perform());
    end("t", "revoked", null);
    assertThat(next("t", LATER)).isEmpty();
    assertThat(table.all()).isEmpty();
  }

  @Test
  @DisplayName("a rescind cancels what waits, waits for its end, and knows it")
  void rescinds() {
    put(termination("t", ANN, NOW), CaseState.SCHEDULED, LATER);
    assertThat(put(rescind("r", ANN, null, NOW.plusSeconds(1)), CaseState.RESCIND, NOW))
        .containsExactlyInAnyOrder("t", "r");
    assertThat(next("t", NOW)).contains(new Cancel(new Cancellation("r", Cause.RESCINDED)));
    assertThat(next("r", NOW)).contains(new WaitForOthers());

    assertThat(end("t", "cancelled", "r")).containsExactlyInAnyOrder("t", "r");

    assertThat(next("r", NOW)).contains(new Conclude());
    assertThat(table.endedSince("r").named()).hasSize(1);
    assertThat(table.endedSince("r").named().get(0).caseId()).isEqualTo("t");
  }

  @Test
  @DisplayName("a rescind that came first cancels what arrives later, and learns of its end")
  void rescindFirst() {
    put(rescind("r", ANN, null, NOW), CaseState.RESCIND, NOW.plusSeconds(5));
    CaseEvent late = termination("t", ANN, NOW.minusSeconds(1));
    assertThat(table.rescindOf(late)).contains(new Cancellation("r", Cause.RESCINDED));
    end("t", "cancelled", "r");
    assertThat(table.endedSince("r").named()).hasSize(1);

    CaseEvent newer = termination("t2", ANN, NOW.plusSeconds(1));
    assertThat(table.rescindOf(newer)).isEmpty();
  }

  @Test
  @DisplayName("a rescind that has ended still cancels, until its time is over")
  void kept() {
    put(rescind("r", ANN, null, NOW), CaseState.RESCIND_KEPT, LATER);
    assertThat(table.rescindOf(termination("t", ANN, NOW))).isPresent();
    assertThat(next("r", NOW)).contains(new Wait(LATER));
    assertThat(next("r", LATER)).contains(new Drop());
  }

  @Test
  @DisplayName("an event's time is not later than its arrival, whatever it says")
  void timeFromTheFuture() {
    CaseEvent odd = termination("t", ANN, LATER, NOW);
    put(odd, CaseState.SCHEDULED, LATER);
    put(rescind("r", ANN, null, NOW.plusSeconds(60)), CaseState.RESCIND, NOW);
    assertThat(next("t", NOW)).containsInstanceOf(Cancel.class);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "p1, -, p1, -, true",
        "p1, ann@example.com, p1, bob@example.com, true",
        "p1, ann@example.com, p2, ann@example.com, false",
        "p1, ann@example.com, -, ANN@example.com, true",
        "p1, -, -, ann@example.com, false",
        "-, ann@example.com, -, Ann@Example.com, true",
        "-, ann@example.com, -, bob@example.com, false",
      })
  @DisplayName("ids say whether two people are one, and addresses where an id is missing")
  void people(String id, String email, String otherId, String otherEmail, boolean same) {
    put(termination("t", person(id, email), NOW), CaseState.SCHEDULED, LATER);
    put(rescind("r", person(otherId, otherEmail), null, NOW), CaseState.RESCIND, NOW);
    assertThat(next("t", NOW).orElseThrow() instanceof Cancel).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "C1, o1, C1, o1, true",
        "C1, o1, C1, -, true",
        "C1, o1, C1, o2, false",
        "C1, o1, c1, o1, false",
      })
  @DisplayName("apps are the same by client id and org, where both orgs are named")
  void apps(String client, String org, String otherClient, String otherOrg, boolean same) {
    put(
        event("d", EventType.APP_DECOMMISSIONED, app(client, org), null, NOW, NOW),
        CaseState.SCHEDULED,
        LATER);
    put(
        event(
            "r", EventType.APP_DECOMMISSION_RESCINDED, app(otherClient, otherOrg), null, NOW, NOW),
        CaseState.RESCIND,
        NOW);
    assertThat(next("d", NOW).orElseThrow() instanceof Cancel).isEqualTo(same);
  }

  @Test
  @DisplayName("an event that is taken back by its id is meant whenever it happened, and no other")
  void byEventId() {
    put(termination("t1", ANN, NOW), CaseState.SCHEDULED, LATER);
    put(termination("t2", person(null, "bob@example.com"), NOW), CaseState.SCHEDULED, LATER);
    Instant before = NOW.minusSeconds(60);
    put(
        rescind("r", new Subject.Unnamed(null), new Target("event of t2", null), before),
        CaseState.RESCIND,
        NOW);
    assertThat(next("t1", NOW)).containsInstanceOf(Wait.class);
    assertThat(next("t2", NOW)).containsInstanceOf(Cancel.class);
  }

  @Test
  @DisplayName("by id and subject both have to fit, and a source where it is named")
  void byBoth() {
    put(termination("t", ANN, NOW), CaseState.SCHEDULED, LATER);
    Subject bob = person(null, "bob@example.com");
    put(rescind("r1", bob, new Target("event of t", null), NOW), CaseState.RESCIND, NOW);
    put(rescind("r2", ANN, new Target("event of x", null), NOW), CaseState.RESCIND, NOW);
    put(rescind("r3", ANN, new Target("event of t", "/other"), NOW), CaseState.RESCIND, NOW);
    assertThat(next("t", NOW)).containsInstanceOf(Wait.class);
    put(rescind("r4", ANN, new Target("event of t", "/hr"), NOW), CaseState.RESCIND, NOW);
    assertThat(next("t", NOW)).contains(new Cancel(new Cancellation("r4", Cause.RESCINDED)));
  }

  @Test
  @DisplayName("a rescind takes back its own kind only")
  void kinds() {
    put(termination("t", ANN, NOW), CaseState.SCHEDULED, LATER);
    put(
        event(
            "r",
            EventType.APP_DECOMMISSION_RESCINDED,
            new Subject.Unnamed(null),
            new Target("event of t", null),
            NOW,
            NOW),
        CaseState.RESCIND,
        NOW);
    assertThat(next("t", NOW)).containsInstanceOf(Wait.class);
    assertThat(next("r", NOW)).contains(new Conclude());
  }

  @Test
  @DisplayName("a newer schedule replaces the older one, in whichever order they come")
  void replaced() {
    put(termination("t1", ANN, NOW), CaseState.SCHEDULED, LATER);
    put(termination("t2", ANN, NOW.plusSeconds(1)), CaseState.SCHEDULED, LATER);
    assertThat(next("t1", NOW)).contains(new Cancel(new Cancellation("t2", Cause.REPLACED)));
    assertThat(next("t2", NOW)).contains(new Wait(LATER));

    CaseEvent older = termination("t0", ANN, NOW.minusSeconds(1));
    assertThat(table.cancellationOf(older)).map(Cancellation::cause).contains(Cause.REPLACED);
    put(older, CaseState.SCHEDULED, LATER);
    assertThat(next("t0", NOW)).containsInstanceOf(Cancel.class);
  }

  @Test
  @DisplayName("a second look waits, is called off by a rescind, and says what was done")
  void secondLook() {
    put(termination("t", ANN, NOW), CaseState.SCHEDULED, NOW);
    put(rescind("r", ANN, null, NOW), CaseState.RESCIND, NOW);
    table.put(
        new WaitingCase(
            termination("t", ANN, NOW),
            CaseState.RELOOK,
            LATER,
            NOW,
            "second look",
            new Done("revoked", NOW, 1)),
        new byte[0],
        offset++);
    assertThat(next("t", NOW)).contains(new Cancel(new Cancellation("r", Cause.RESCINDED)));
    assertThat(table.endedSince("r").named().get(0).end().status()).isEqualTo("revoked");
    assertThat(next("r", NOW)).contains(new WaitForOthers());
    end("t", "revoked", "r");
    assertThat(next("r", NOW)).contains(new Conclude());
    assertThat(table.endedSince("r").named()).hasSize(1);
  }

  @Test
  @DisplayName("keeps no large record in memory, if it is told so, and knows where it lies")
  void largeRecords() {
    CaseTable small = new CaseTable(1_000);
    WaitingCase waiting =
        new WaitingCase(
            termination("t", ANN, NOW), CaseState.SCHEDULED, LATER, NOW, "its time", null);
    small.put(waiting, new byte[1_000], 7);
    assertThat(small.json("t")).isPresent();
    small.put(waiting, new byte[1_001], 9);
    assertThat(small.json("t")).isEmpty();
    assertThat(small.version("t")).isEqualTo(9);
    assertThat(small.find("t")).contains(waiting);
  }

  @Test
  @DisplayName("counts what waits by its state")
  void counts() {
    put(termination("t", ANN, NOW), CaseState.SCHEDULED, LATER);
    put(rescind("r", ANN, null, NOW), CaseState.RESCIND, NOW);
    put(rescind("r", ANN, null, NOW), CaseState.RESCIND_KEPT, LATER);
    assertThat(table.counts())
        .containsEntry(CaseState.SCHEDULED, 1)
        .containsEntry(CaseState.RESCIND, 0)
        .containsEntry(CaseState.RESCIND_KEPT, 1);
  }

  @Test
  @DisplayName("thousands of cases about one person, and their rescind, are no matter of minutes")
  void crowd() {
    int crowd = 4_000;
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(30),
        () -> {
          for (int i = 0; i < crowd; i++) {
            put(termination("t" + i, ANN, NOW.plusMillis(i)), CaseState.SCHEDULED, LATER);
          }
          put(rescind("r", ANN, null, NOW.plus(Duration.ofHours(1))), CaseState.RESCIND, NOW);
          for (int i = 0; i < crowd; i++) {
            assertThat(next("t" + i, NOW)).containsInstanceOf(Cancel.class);
            end("t" + i, "cancelled", "r");
          }
        });
    assertThat(next("r", NOW)).contains(new Conclude());
    EndedCases ended = table.endedSince("r");
    assertThat(ended.named().size() + ended.unnamed()).isEqualTo(crowd);
  }

  @Test
  @DisplayName("thousands of rescinds of one person's thousands of events keep some of their ends")
  void crowdOfRescinds() {
    int crowd = 1_000;
    for (int i = 0; i < crowd; i++) {
      put(termination("t" + i, ANN, NOW.plusMillis(i)), CaseState.HELD, NOW);
      put(rescind("r" + i, ANN, null, NOW.plus(Duration.ofHours(1))), CaseState.RESCIND, NOW);
    }
    for (int i = 0; i < crowd; i++) {
      end("t" + i, "cancelled", "r0");
    }
    for (int i = 0; i < crowd; i++) {
      EndedCases ended = table.endedSince("r" + i);
      assertThat(ended.named()).hasSizeLessThanOrEqualTo(200).isNotEmpty();
      assertThat(ended.named().size() + ended.unnamed()).isEqualTo(crowd);
      assertThat(ended.cancelled().isEmpty()).isEqualTo(i > 0);
    }
  }

  @Test
  @DisplayName("what a person has said is forgotten once it is done, or can never be")
  void wordsAreForgotten() {
    PersonsWord word = new PersonsWord(true, "ann", "checked", "c1");
    put(termination("held", ANN, NOW), CaseState.HELD, NOW);
    table.say("held", word);
    table.say("released", word);
    table.say("ended", word);
    table.say("unknown", word);
    put(termination("released", ANN, NOW), CaseState.RELEASED, NOW);
    end("ended", "revoked", null);
    assertThat(table.words()).isEqualTo(2);

    table.forgetIdleWords(List.of("held", "released", "ended", "unknown"));

    assertThat(table.words()).isEqualTo(1);
    assertThat(next("held", NOW)).contains(new NextAct.Obey(word));
  }

  @Test
  @DisplayName("what a person has said of a case counts though it is heard before the case is")
  void heardEarly() {
    PersonsWord word = new PersonsWord(false, "ann", "checked", "c1");
    table.say("t", word);
    put(termination("t", ANN, NOW), CaseState.SCHEDULED, NOW);
    put(termination("t", ANN, NOW), CaseState.HELD, NOW);
    table.say("t", new PersonsWord(true, "bob", "checked", "c2"));

    table.forgetIdleWords(List.of("t"));

    assertThat(next("t", NOW)).contains(new NextAct.Obey(word));
  }

  private Optional<NextAct> next(String caseId, Instant now) {
    return table.next(caseId, now);
  }

  private java.util.Set<String> put(CaseEvent event, CaseState state, Instant due) {
    WaitingCase waiting = new WaitingCase(event, state, due, NOW, "because", null);
    return table.put(waiting, new byte[0], offset++);
  }

  private java.util.Set<String> end(String caseId, String status, @Nullable String by) {
    return table.end(caseId, new CaseEnd(status, by, NOW));
  }

  private static CaseEvent termination(String caseId, Subject subject, Instant time) {
    return termination(caseId, subject, time, time);
  }

  private static CaseEvent termination(
      String caseId, Subject subject, Instant time, Instant arrivedAt) {
    return event(caseId, EventType.USER_TERMINATED, subject, null, time, arrivedAt);
  }

  private static CaseEvent rescind(
      String caseId, Subject subject, @Nullable Target target, Instant time) {
    return event(
        caseId, EventType.USER_TERMINATION_RESCINDED, subject, target, time, time.plusSeconds(60));
  }

  private static CaseEvent event(
      String caseId,
      EventType kind,
      Subject subject,
      @Nullable Target target,
      Instant time,
      Instant arrivedAt) {
    return new CaseEvent(
        caseId,
        kind,
        subject,
        "event of " + caseId,
        "/hr",
        time.isAfter(arrivedAt) ? arrivedAt : time,
        target,
        new Input("hr.events", 0, caseId.hashCode(), arrivedAt, Input.ALONE));
  }

  private static Subject person(@Nullable String id, @Nullable String email) {
    return new Person(id == null ? null : Identifier.of(id), email, null);
  }

  private static Subject app(String clientId, @Nullable String orgId) {
    return new App(clientId, orgId == null ? null : Identifier.of(orgId), null);
  }
}
