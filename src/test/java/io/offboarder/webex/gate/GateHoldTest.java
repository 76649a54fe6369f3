package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationRequests;
import io.offboarder.webex.Lists;
import io.offboarder.webex.Person;
import io.offboarder.webex.gate.RequestContext.Priority;
import io.offboarder.webex.gate.SimulatedApi.Asked;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The request gate while it is told to wait, in virtual time")
class GateHoldTest extends GateFixture {

  @ParameterizedTest
  @ValueSource(strings = {"rand(30),add(30)", "0", "-5", "", "soon", "1.5", "99999999999999999999"})
  @DisplayName("a Retry-After that names no time, or an absurd one, is bounded")
  void strangeRetryAfter(String header) {
    int[] left = {3};
    api.behaviour = any -> left[0]-- > 0 ? SimulatedApi.throttled(header) : empty();
    Future<Answer<List<Authorization>>> only = list("p");

    loop.run(Duration.ofMinutes(header.length() > 10 && header.startsWith("9") ? 50 : 1));

    assertThat(only).matches(GateFixture::isDone);
    assertThat(only.result().call().throttled()).isEqualTo(3);
    for (int i = 1; i < api.asked.size(); i++) {
      assertThat(api.asked.get(i).at() - api.asked.get(i - 1).at()).isGreaterThan(0.9);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "Mon, 23 Nov 2026 09:00:30 GMT"})
  @DisplayName("seconds and dates are kept to, by everybody, for 423 as for 429")
  void namedTimes(String header) {
    api.behaviour = any -> SimulatedApi.answer(423, header, "");
    list("first");
    loop.run(Duration.ofSeconds(1));
    api.behaviour = any -> empty();
    List<Future<Answer<List<Authorization>>>> all = lists("p", 50);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.HELD);
    assertThat(gate.status().until()).isNotNull();
    int before = api.asked.size();

    loop.run(Duration.ofSeconds(28));
    assertThat(api.asked).hasSize(before);
    loop.run(Duration.ofSeconds(5));
    assertThat(all).allMatch(GateFixture::isDone);
  }

  @Test
  @DisplayName("a 503 that names a time is kept to, by everybody and every probe")
  void namedUnavailability() {
    api.behaviour = any -> SimulatedApi.answer(503, "40", "");
    List<Future<Answer<List<Authorization>>>> all = lists("p", 100);
    loop.run(Duration.ofMinutes(5));
    assertThat(all).noneMatch(Future::isComplete);
    List<Double> later = api.asked.stream().map(Asked::at).filter(at -> at > 1).sorted().toList();
    assertThat(later).hasSizeBetween(4, 8);
    for (int i = 1; i < later.size(); i++) {
      assertThat(later.get(i) - later.get(i - 1)).isGreaterThanOrEqualTo(40);
    }

    api.behaviour = any -> empty();
    loop.run(Duration.ofSeconds(90));
    assertThat(all).allMatch(GateFixture::isDone);
  }

  @Test
  @DisplayName("a pause lets nothing go out, answers what is in flight, and loses nothing")
  void paused() {
    api.behaviour = any -> empty();
    gate = gate(4);
    List<Future<Answer<List<Authorization>>>> all = lists("p", 50);
    while (api.asked.size() < 10) {
      loop.run(Duration.ofMillis(1));
    }
    int sent = api.asked.size();
    assertThat(sent).isLessThan(50);

    gate.pause();
    loop.run(Duration.ofHours(2));

    assertThat(api.asked).hasSize(sent);
    assertThat(all.stream().filter(Future::isComplete)).hasSizeLessThanOrEqualTo(sent);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.PAUSED);
    assertThat(gate.status().load().inFlight()).isZero();

    gate.resume();
    loop.run(Duration.ofMinutes(1));

    assertThat(all).allMatch(GateFixture::isDone);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @Test
  @DisplayName("who is cancelled during a pause need not wait for its end")
  void cancelledWhilePaused() {
    AtomicBoolean wanted = new AtomicBoolean(true);
    gate.pause();
    Future<Answer<List<Authorization>>> one =
        gate.submit(
            new RequestContext(
                "e",
                Priority.TERMINATION,
                GateListener.NONE,
                Cancellation.when(() -> !wanted.get())),
            AuthorizationRequests.list(new Person.ById("p")),
            Lists::authorizations);
    loop.run(Duration.ofSeconds(1));
    assertThat(one.isComplete()).isFalse();

    wanted.set(false);
    loop.run(Duration.ofSeconds(1));

    assertThat(one.cause()).isInstanceOf(RequestCancelledException.class);
    assertThat(api.asked).isEmpty();
  }
}
