package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.AuthorizationRequests;
import io.offboarder.webex.AuthorizationResponses;
import io.offboarder.webex.gate.SimulatedApi.Asked;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Operation;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The request gate while some callers fail for ever, in virtual time")
class GatePoisonTest extends GateFixture {

  private static final Duration STEP = Duration.ofMillis(10);

  /** How long each of the others' events took, in seconds. */
  private final List<Double> others = new ArrayList<>();

  private int begun;
  private int openings;
  private boolean wasOpen;

  @ParameterizedTest
  @CsvSource({"3, 1, 1000", "5, 1, 1000", "8, 1, 1000", "3, 50, 1000", "8, 50, 1000", "5, 1, 100"})
  @DisplayName("few of them are no outage, and others hardly notice, be they one a second or ten")
  void few(int callers, int requests, int everyMillis) {
    poison(callers, requests, Duration.ofMillis(everyMillis));

    assertThat(openings).isZero();
    assertThat(percentile(95)).isLessThan(0.2);
    assertThat(percentile(100)).isLessThan(2);
  }

  @ParameterizedTest
  @CsvSource({"20, 1, 1000", "20, 50, 1000", "20, 1, 100"})
  @DisplayName(
      "twenty at once may look like an outage, ten by ten, for a second each, and never again")
  void many(int callers, int requests, int everyMillis) {
    poison(callers, requests, Duration.ofMillis(everyMillis));

    assertThat(openings).isLessThanOrEqualTo(2);
    assertThat(percentile(50)).isLessThan(0.1);
    assertThat(percentile(100)).isLessThan(6);
    assertThat(others.subList(others.size() / 10, others.size()))
        .as("events after the first tenth")
        .allSatisfy(seconds -> assertThat(seconds).isLessThan(1.0));
  }

  @Test
  @DisplayName("others do not wait either when it is a new event that fails each time")
  void newEachTime() {
    api.behaviour = asked -> ofOperation(asked, GatePoisonTest::answer);
    for (int i = 0; i < 120; i++) {
      ordinaryEvent();
      for (int j = 0; j < 3; j++) {
        delete("new" + i + "-" + j, "poison" + i + "-" + j);
        run(Duration.ofMillis(333));
      }
    }

    assertThat(openings).isZero();
    assertThat(percentile(100)).isLessThan(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 9, 20})
  @DisplayName("an outage is seen within seconds though only they ask")
  void outageAmongThem(int callers) {
    poison(callers, 1, Duration.ofSeconds(1));
    loop.run(Duration.ofSeconds(1));

    assertThat(secondsUntilOutage()).isLessThan(15);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5, 9, 10, 50})
  @DisplayName("an outage that meets few callers is seen as soon as one that meets many")
  void outageOfFew(int callers) {
    for (int seed = 1; seed <= 5; seed++) {
      random.setSeed(seed);
      gate = gate(64);
      api.behaviour = GatePoisonTest::answer;
      ordinaryEvent();
      loop.run(Duration.ofSeconds(30));
      lists("p", callers);

      assertThat(secondsUntilOutage()).as("seed %d", seed).isLessThan(1.5);
      gate.close();
    }
  }

  private double secondsUntilOutage() {
    api.behaviour = any -> SimulatedApi.answer(502, "");
    double began = loop.seconds();
    while (!isOpen() && loop.seconds() - began < 300) {
      loop.run(STEP);
    }
    return loop.seconds() - began;
  }

  /** Minutes of ordinary events, five seconds of which pass before the failing ones come. */
  private void poison(int callers, int requests, Duration every) {
    api.behaviour = asked -> ofOperation(asked, GatePoisonTest::answer);
    ordinaryEvents(Duration.ofSeconds(5), every);
    for (int i = 0; i < callers; i++) {
      for (int j = 0; j < requests; j++) {
        failForEver(i, j);
      }
    }
    ordinaryEvents(Duration.ofMinutes(2), every);
    assertThat(others).as("all others were done").hasSizeGreaterThanOrEqualTo(begun - 1);
  }

  private void failForEver(int caller, int request) {
    delete("p" + caller, "poison" + caller + "-" + request)
        .onSuccess(ended -> loop.after(Duration.ofSeconds(1), () -> failForEver(caller, request)));
  }

  private static ApiResponse answer(Asked asked) {
    if (asked.isAbout("poison")) {
      return SimulatedApi.answer(500, "");
    }
    boolean delete = asked.request().operation() == Operation.DELETE;
    return delete ? SimulatedApi.answer(204, "") : empty();
  }

  private void ordinaryEvents(Duration time, Duration every) {
    for (Duration spent = Duration.ZERO; spent.compareTo(time) < 0; spent = spent.plus(every)) {
      ordinaryEvent();
      run(every);
    }
  }

  private void ordinaryEvent() {
    double began = loop.seconds();
    String person = "ordinary" + begun++;
    list(person)
        .compose(listed -> delete("event-of-" + person, "of-" + person))
        .compose(deleted -> list(person))
        .onSuccess(done -> others.add(loop.seconds() - began));
  }

  private Future<Answer<Void>> delete(String caller, String id) {
    return gate.submit(
        caller(caller), AuthorizationRequests.delete(id), AuthorizationResponses::deleted);
  }

  private void run(Duration time) {
    for (Duration spent = Duration.ZERO; spent.compareTo(time) < 0; spent = spent.plus(STEP)) {
      loop.run(STEP);
      boolean open = isOpen();
      openings += open && !wasOpen ? 1 : 0;
      wasOpen = open;
    }
  }

  private boolean isOpen() {
    return gate.status().state() == GateStatus.State.OUTAGE;
  }

  private double percentile(int percent) {
    List<Double> sorted = others.stream().sorted().toList();
    return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
  }
}
