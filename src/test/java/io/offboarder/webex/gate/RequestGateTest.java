package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationRequests;
import io.offboarder.webex.AuthorizationResponses;
import io.offboarder.webex.Lists;
import io.offboarder.webex.Person;
import io.offboarder.webex.gate.RequestContext.Priority;
import io.offboarder.webex.gate.SimulatedApi.Asked;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Operation;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The request gate: whose turn it is, and who gives up, in virtual time")
class RequestGateTest extends GateFixture {

  @Test
  @DisplayName("it says since when requests wait for an answer, and since when none has come")
  void unanswered() {
    assertThat(gate.status().unanswered()).isNull();
    list("fast");
    loop.run(Duration.ofSeconds(1));
    assertThat(gate.status().unanswered()).isNull();

    Duration usual = api.most;
    api.most = Duration.ofHours(1);
    api.least = api.most;
    list("slow");
    loop.run(Duration.ofSeconds(5));
    api.most = usual;
    api.least = usual;
    list("fast-2");
    loop.run(Duration.ofSeconds(1));
    Instant now = loop.now();

    GateStatus.Unanswered waiting = gate.status().unanswered();
    assertThat(Duration.between(waiting.oldest(), now))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
    assertThat(Duration.between(waiting.since(), now)).isLessThanOrEqualTo(Duration.ofSeconds(1));
    loop.run(Duration.ofSeconds(5));
    assertThat(Duration.between(gate.status().unanswered().since(), loop.now()))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(5));
  }

  static Stream<Arguments> trouble() {
    return Stream.of(
        Arguments.of("an outage", SimulatedApi.answer(503, ""), 20),
        Arguments.of("an API that hangs", SimulatedApi.refusedConnection(), 20_000),
        Arguments.of("a pause of minutes", SimulatedApi.throttled("300"), 20),
        Arguments.of("refused credentials", SimulatedApi.answer(401, FORBIDDEN), 20),
        Arguments.of("an operation forbidden to all", SimulatedApi.answer(403, FORBIDDEN), 20));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trouble")
  @DisplayName("in trouble, what was cancelled ends within 2 s, whether it has begun or not")
  void cancelledInTrouble(String name, ApiResponse response, int latencyMillis) {
    boolean[] cancelled = {false};
    Cancellation cancellation = Cancellation.when(() -> cancelled[0]);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      RequestContext caller =
          new RequestContext("e" + i, Priority.TERMINATION, GateListener.NONE, cancellation);
      all.add(deleteAfterList(caller));
    }
    loop.run(Duration.ofMillis(15));
    api.most = Duration.ofMillis(latencyMillis);
    api.least = api.most;
    api.behaviour = any -> response;
    loop.run(Duration.ofMinutes(5));
    assertThat(all).noneMatch(Future::isComplete);

    cancelled[0] = true;
    loop.run(Duration.ofSeconds(2));

    assertThat(all).allMatch(one -> one.cause() instanceof RequestCancelledException);
    assertThat(gate.status().load().waiting()).isZero();
  }

  private Future<?> deleteAfterList(RequestContext caller) {
    return gate.submit(
            caller, AuthorizationRequests.list(new Person.ById(caller.id())), Lists::authorizations)
        .compose(
            listed ->
                gate.submit(
                    caller, AuthorizationRequests.delete("a"), AuthorizationResponses::deleted));
  }

  @Test
  @DisplayName(
      "while the API answers, what was cancelled is finished if it has begun, else not begun")
  void cancelledWhileAllIsWell() {
    gate = gate(4);
    api.behaviour =
        asked ->
            asked.request().operation() == Operation.LIST ? empty() : SimulatedApi.answer(204, "");
    boolean[] cancelled = {false};
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      all.add(
          deleteAfterList(
              new RequestContext(
                  "e" + i,
                  Priority.TERMINATION,
                  GateListener.NONE,
                  Cancellation.when(() -> cancelled[0]))));
    }
    loop.run(Duration.ofMillis(60));
    cancelled[0] = true;
    int lists = api.asked.size();
    loop.run(Duration.ofSeconds(5));

    assertThat(all).allMatch(Future::isComplete);
    List<Asked> deletes =
        api.asked.stream().filter(one -> one.request().operation() == Operation.DELETE).toList();
    assertThat(all.stream().filter(Future::succeeded).count())
        .isEqualTo(deletes.size())
        .isPositive()
        .isLessThanOrEqualTo(lists);
  }

  @Test
  @DisplayName("a person with 5,000 authorizations does not starve the others")
  void fairness() {
    gate = gate(4);
    api.behaviour = any -> SimulatedApi.answer(204, "");
    for (int i = 0; i < 5000; i++) {
      gate.submit(
          caller("big"), AuthorizationRequests.delete("b" + i), AuthorizationResponses::deleted);
    }
    List<Future<Answer<Void>>> others =
        IntStream.range(0, 20)
            .mapToObj(
                i ->
                    gate.submit(
                        caller("small" + i),
                        AuthorizationRequests.delete("s" + i),
                        AuthorizationResponses::deleted))
            .toList();
    loop.run(Duration.ofSeconds(1));

    assertThat(others).allMatch(GateFixture::isDone);
    assertThat(gate.status().load().waiting()).isGreaterThan(4000);
    assertThat(api.mostInFlight).isEqualTo(4);
  }

  @Test
  @DisplayName("nothing is sent before all that came in together is in, so the urgent goes first")
  void together() {
    gate.submit(
        new RequestContext("app", Priority.DECOMMISSION),
        AuthorizationRequests.deleteByClient("app", "org"),
        AuthorizationResponses::deleted);
    list("leaver");
    assertThat(api.inFlight).isZero();

    loop.run(Duration.ofSeconds(1));
    assertThat(api.asked).hasSizeGreaterThan(1);
    assertThat(api.asked.get(0).isAbout("leaver")).isTrue();
  }

  @Test
  @DisplayName("what an event that has begun still asks goes before the first of those that wait")
  void begunFirst() {
    gate = gate(4);
    api.behaviour =
        asked ->
            asked.request().operation() == Operation.LIST ? empty() : SimulatedApi.answer(204, "");
    for (int i = 0; i < 500; i++) {
      String person = "p" + i;
      list(person)
          .onSuccess(
              listed ->
                  gate.submit(
                      caller("event-of-" + person),
                      AuthorizationRequests.delete(person),
                      AuthorizationResponses::deleted));
    }
    loop.run(Duration.ofSeconds(60));

    assertThat(api.asked).hasSize(1000);
    assertThat(api.asked.subList(0, 100))
        .filteredOn(one -> one.request().operation() == Operation.DELETE)
        .hasSizeGreaterThan(45);
  }

  @Test
  @DisplayName("terminations that wait go before decommissions that wait")
  void urgency() {
    gate = gate(1);
    api.behaviour = any -> SimulatedApi.answer(204, "");
    for (int i = 0; i < 20; i++) {
      gate.submit(
          new RequestContext("app" + i, Priority.DECOMMISSION),
          AuthorizationRequests.deleteByClient("C" + i, "o"),
          AuthorizationResponses::deleted);
    }
    for (int i = 0; i < 20; i++) {
      gate.submit(
          caller("p" + i), AuthorizationRequests.delete("a" + i), AuthorizationResponses::deleted);
    }
    loop.run(Duration.ofSeconds(10));

    assertThat(api.asked).hasSize(40);
    assertThat(api.asked.subList(0, 20))
        .allMatch(one -> one.request().operation() == Operation.DELETE);
  }

  @Test
  @DisplayName("a ceiling on requests per second is kept to")
  void ceiling() {
    gate = gate(64, OptionalDouble.of(10));
    lists("p", 500);
    loop.run(Duration.ofSeconds(20));

    assertThat(api.asked.size()).isBetween(195, 203);
  }

  @Test
  @DisplayName("closing fails what waits")
  void closing() {
    api.behaviour = any -> SimulatedApi.answer(503, "");
    List<Future<Answer<List<Authorization>>>> all = lists("p", 100);
    loop.run(Duration.ofSeconds(10));
    gate.close();
    loop.run(Duration.ofSeconds(10));

    assertThat(all).allMatch(Future::failed);
    assertThat(list("late").failed()).isTrue();
  }
}
