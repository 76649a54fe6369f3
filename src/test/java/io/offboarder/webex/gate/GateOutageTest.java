package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationRequests;
import io.offboarder.webex.AuthorizationResponses;
import io.offboarder.webex.gate.SimulatedApi.Asked;
import io.offboarder.webex.http.Operation;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The request gate while the API fails, in virtual time")
class GateOutageTest extends GateFixture {
  /** Each is some seconds of a processor where the outage lasts for hours. */
  private static final int SEEDS = 5;

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504, 302, -1, 200})
  @DisplayName("an outage of an hour fails nothing and is asked about 20 times a minute at most")
  void outage(int status) {
    api.behaviour = any -> SimulatedApi.answer(status, "<html>down</html>");
    List<Future<Answer<List<Authorization>>>> waiting = lists("p", 200);

    loop.run(Duration.ofHours(1));

    assertThat(waiting).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OUTAGE);
    assertThat(gate.status().load().waiting()).isEqualTo(200);
    List<Double> probes = api.asked.stream().map(Asked::at).filter(at -> at > 1).toList();
    for (int i = 20; i < probes.size(); i++) {
      assertThat(probes.get(i) - probes.get(i - 20)).isGreaterThan(60);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20, 300, 7200})
  @DisplayName("when an outage is over, full rate is back within 6 s, however long it was")
  void healing(int seconds) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      random.setSeed(seed);
      api.behaviour = any -> empty();
      gate = gate(64);
      keepAsking(256);
      loop.run(Duration.ofSeconds(5));
      double rate = askedWithin(Duration.ofSeconds(1));
      api.behaviour = any -> SimulatedApi.answer(502, "");
      loop.run(Duration.ofSeconds(seconds).plusMillis(random.nextInt(5000)));

      api.behaviour = any -> empty();
      loop.run(Duration.ofSeconds(5));
      assertThat(askedWithin(Duration.ofSeconds(1)))
          .as("a second, seed %d", seed)
          .isGreaterThan((int) (0.9 * rate));
      gate.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"64, 502", "64, -1", "8, 502", "200, 500"})
  @DisplayName("when an outage begins, no more is asked than could be in flight")
  void firstMoments(int concurrency, int status) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      random.setSeed(seed);
      api.behaviour = any -> empty();
      gate = gate(concurrency);
      keepAsking(4 * concurrency);
      loop.run(Duration.ofSeconds(5));
      api.asked.clear();
      api.behaviour = any -> SimulatedApi.answer(status, "");
      loop.run(Duration.ofSeconds(1));

      assertThat(api.asked).as("seed %d", seed).hasSizeLessThanOrEqualTo(Math.max(concurrency, 16));
      gate.close();
    }
  }

  private int askedWithin(Duration time) {
    api.asked.clear();
    loop.run(time);
    return api.asked.size();
  }

  private void keepAsking(int callers) {
    for (int i = 0; i < callers; i++) {
      keepAsking("p" + i);
    }
  }

  private void keepAsking(String person) {
    RequestGate asked = gate;
    list(person)
        .onSuccess(
            answer -> {
              if (asked == gate) {
                keepAsking(person);
              }
            });
  }

  @Test
  @DisplayName("an outage fails nothing even when only one event is in flight")
  void outageWithOneEvent() {
    api.behaviour = any -> SimulatedApi.answer(503, "");
    Future<Answer<List<Authorization>>> only = list("only");

    loop.run(Duration.ofHours(2));
    assertThat(only.isComplete()).isFalse();
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OUTAGE);

    api.behaviour = any -> empty();
    loop.run(Duration.ofSeconds(80));
    assertThat(only).matches(GateFixture::isDone);
  }

  @Test
  @DisplayName("an API that fails half of all requests delays events and fails none")
  void brownOut() {
    api.behaviour = any -> random.nextInt(100) < 60 ? SimulatedApi.answer(502, "") : empty();
    List<Future<Answer<List<Authorization>>>> all = new ArrayList<>();
    for (int minute = 0; minute < 10; minute++) {
      all.addAll(lists("m" + minute + "-", 300));
      loop.run(Duration.ofMinutes(1));
    }
    loop.run(Duration.ofMinutes(10));

    assertThat(all).allMatch(GateFixture::isDone);
  }

  @Test
  @DisplayName("deletes that fail for everybody are an outage, though lists go on")
  void outageOfOneOperation() {
    api.behaviour =
        asked ->
            asked.request().operation() == Operation.DELETE
                ? SimulatedApi.answer(500, "")
                : empty();
    List<Future<Answer<Void>>> deletes = deletes(30);
    for (int minute = 0; minute < 20; minute++) {
      lists("m" + minute + "-", 20);
      loop.run(Duration.ofMinutes(1));
    }
    assertThat(deletes).noneMatch(Future::isComplete);

    api.behaviour = any -> SimulatedApi.answer(204, "");
    loop.run(Duration.ofMinutes(1));
    assertThat(deletes).allMatch(GateFixture::isDone);
  }

  @Test
  @DisplayName("a request that keeps failing among healthy ones ends after its attempts")
  void poisonAmongHealthy() {
    api.behaviour =
        asked ->
            asked.isAbout("poison") ? SimulatedApi.answer(500, "{\"message\":\"boom\"}") : empty();
    Future<Answer<List<Authorization>>> poison = list("poison");
    List<Future<Answer<List<Authorization>>>> healthy = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      healthy.add(list("p" + i));
      loop.run(Duration.ofSeconds(1));
    }

    assertThat(healthy).allMatch(GateFixture::isDone);
    assertThat(refused(poison).refusal().code()).isEqualTo("attempts_exhausted");
    assertThat(refused(poison).call().status().code()).isEqualTo(500);
    assertThat(refused(poison).call().attempts()).isBetween(8, 14);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  @DisplayName("a few requests that keep failing end even when nobody else asks anything")
  void poisonAlone(int count) {
    api.behaviour = asked -> ofOperation(asked, any -> SimulatedApi.answer(500, ""));
    List<Future<Answer<List<Authorization>>>> poison = lists("poison", count);

    loop.run(Duration.ofMinutes(10));

    assertThat(poison)
        .allSatisfy(
            one -> assertThat(refused(one).refusal().code()).isEqualTo("attempts_exhausted"));
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 12, 40, 100})
  @DisplayName("many requests that keep failing end too, and do not hold up those that do well")
  void manyPoisonous(int count) {
    api.behaviour =
        asked ->
            ofOperation(
                asked, any -> asked.isAbout("poison") ? SimulatedApi.answer(500, "") : empty());
    List<Future<Answer<List<Authorization>>>> poison = new ArrayList<>();
    List<Future<Answer<List<Authorization>>>> healthy = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      healthy.add(list("h" + i));
      if (i < count) {
        poison.add(list("poison" + i));
      }
    }
    loop.run(Duration.ofMinutes(1));
    assertThat(healthy).allMatch(GateFixture::isDone);

    for (int i = 0; i < 20; i++) {
      Future<Answer<List<Authorization>>> newcomer = list("n" + i);
      loop.run(Duration.ofSeconds(40));
      assertThat(newcomer).matches(GateFixture::isDone);
    }

    assertThat(poison).allSatisfy(GateFixture::refused);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @Test
  @DisplayName("what was not asked yet is what an outage's next probe asks for")
  void newcomersProbe() {
    api.behaviour = asked -> asked.isAbout("poison") ? SimulatedApi.answer(500, "") : empty();
    lists("poison", 10);
    loop.run(Duration.ofMinutes(5));
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OUTAGE);

    Future<Answer<List<Authorization>>> newcomer = list("healthy");
    loop.run(Duration.ofSeconds(40));

    assertThat(newcomer).matches(GateFixture::isDone);
  }

  @Test
  @DisplayName("while every path answers 404, nothing ends, and the status names the base URL")
  void wrongBaseUrl() {
    api.behaviour = any -> SimulatedApi.answer(404, "{\"message\":\"not found\"}");
    List<Future<Answer<List<Authorization>>>> waiting = lists("p", 20);
    gate.checkIfIdle(Duration.ofMinutes(1));
    loop.run(Duration.ofHours(1));

    assertThat(waiting).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OUTAGE);
    assertThat(gate.status().words()).contains("webex.base-url");
    assertThat(gate.status().answered()).isFalse();

    api.behaviour =
        asked -> ofOperation(asked, any -> SimulatedApi.answer(404, "{\"message\":\"unknown\"}"));
    loop.run(Duration.ofMinutes(5));
    assertThat(waiting)
        .allSatisfy(one -> assertThat(refused(one).refusal().code()).isEqualTo("not_found"));
  }

  @Test
  @DisplayName("once the API was found, a 404 is its word about what was asked, all alone too")
  void notFoundAlone() {
    api.behaviour = asked -> ofOperation(asked, any -> SimulatedApi.answer(404, FORBIDDEN));
    Future<Answer<List<Authorization>>> only = list("unknown");
    loop.run(Duration.ofSeconds(3));

    assertThat(refused(only).refusal().code()).isEqualTo("not_found");
  }

  @ParameterizedTest
  @ValueSource(ints = {403, 404})
  @DisplayName("a request that fails all alone ends though our token may not ask for its expiry")
  void poisonAloneWithoutTheScope(int status) {
    list("healthy");
    loop.run(Duration.ofSeconds(1));
    api.behaviour =
        asked ->
            asked.request().operation() == Operation.TOKEN_EXPIRY
                ? SimulatedApi.answer(status, FORBIDDEN)
                : SimulatedApi.answer(500, "");
    Future<Answer<List<Authorization>>> poison = list("poison");

    loop.run(Duration.ofMinutes(10));

    assertThat(refused(poison).refusal().code()).isEqualTo("attempts_exhausted");
  }

  @Test
  @DisplayName("one event with a thousand failing deletes does not stop the others")
  void poisonEventWithManyRequests() {
    api.behaviour = asked -> asked.isAbout("poison") ? SimulatedApi.answer(500, "") : empty();
    List<Future<Answer<Void>>> poison =
        IntStream.range(0, 1000)
            .mapToObj(
                i ->
                    gate.submit(
                        caller("p"),
                        AuthorizationRequests.delete("poison" + i),
                        AuthorizationResponses::deleted))
            .toList();
    List<Future<Answer<List<Authorization>>>> healthy = new ArrayList<>();
    double slowest = 0;
    for (int i = 0; i < 60; i++) {
      double asked = loop.seconds();
      Future<Answer<List<Authorization>>> one = list("h" + i);
      healthy.add(one);
      while (!one.isComplete()) {
        loop.run(Duration.ofMillis(10));
      }
      slowest = Math.max(slowest, loop.seconds() - asked);
    }
    assertThat(slowest).isLessThan(5);
    assertThat(healthy).allMatch(GateFixture::isDone);
    api.behaviour = asked -> ofOperation(asked, any -> SimulatedApi.answer(500, ""));
    loop.run(Duration.ofHours(1));
    assertThat(poison).allSatisfy(one -> refused(one));
  }
}
