package io.offboarder.webex.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.privacy.Pseudonymizer;
import io.offboarder.webex.Authorization;
import io.offboarder.webex.AuthorizationRequests;
import io.offboarder.webex.AuthorizationResponses;
import io.offboarder.webex.Lists;
import io.offboarder.webex.Person;
import io.offboarder.webex.credentials.ResolvedCredentials;
import io.offboarder.webex.credentials.TokenSource;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.RequestContext.Priority;
import io.offboarder.webex.gate.SimulatedApi.Asked;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.Operation;
import io.offboarder.webex.limit.PauseSettings;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The request gate under trouble, in virtual time")
class RequestGateTest {

  private static final String FORBIDDEN = "{\"message\":\"refused to fulfill it\"}";

  private final VirtualEventLoop loop = new VirtualEventLoop();
  private final Random random = new Random(42);
  private final SimulatedApi api = new SimulatedApi(loop, random);
  private ResolvedCredentials values = new ResolvedCredentials.Token("token-0");
  private final TokenSource tokens = new TokenSource(loop, () -> Future.succeededFuture(values));
  private RequestGate gate = gate(64);

  private RequestGate gate(int concurrency) {
    return gate(concurrency, OptionalDouble.empty());
  }

  private RequestGate gate(int concurrency, OptionalDouble maxRequestsPerSecond) {
    GateSettings settings =
        new GateSettings(
            concurrency,
            maxRequestsPerSecond,
            GateSettings.Retries.defaults(),
            GateSettings.Probes.defaults(),
            PauseSettings.defaults(),
            Pseudonymizer.NONE);
    return new RequestGate(loop, random, settings, api, tokens, GateListener.NONE);
  }

  private static RequestContext caller(String id) {
    return new RequestContext(id, Priority.TERMINATION);
  }

  private Future<Answer<List<Authorization>>> list(String person) {
    return gate.submit(
        caller("event-of-" + person),
        AuthorizationRequests.list(new Person.ById(person)),
        Lists::authorizations);
  }

  private List<Future<Answer<List<Authorization>>>> lists(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> list(prefix + i)).toList();
  }

  private static ApiResponse empty() {
    return SimulatedApi.answer(200, "{\"items\":[]}");
  }

  private static ApiResponse ofOperation(Asked asked, Function<Asked, ApiResponse> authorizations) {
    if (asked.request().operation() == Operation.TOKEN_EXPIRY) {
      return SimulatedApi.answer(200, "{\"exp\":1}");
    }
    return authorizations.apply(asked);
  }

  private static <T> boolean isDone(Future<Answer<T>> future) {
    return future.isComplete() && future.result() instanceof Done;
  }

  private static Refused<?> refused(Future<? extends Answer<?>> future) {
    assertThat(future.isComplete()).as("answered").isTrue();
    assertThat(future.result()).isInstanceOf(Refused.class);
    return (Refused<?>) future.result();
  }

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

  // ---- outage ----------------------------------------------------------------------------------

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
    for (int seed = 1; seed <= 20; seed++) {
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
    for (int seed = 1; seed <= 20; seed++) {
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
    assertThat(only).matches(RequestGateTest::isDone);
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

    assertThat(all).allMatch(RequestGateTest::isDone);
  }

  @Test
  @DisplayName("deletes that fail for everybody are an outage, though lists go on")
  void outageOfOneOperation() {
    api.behaviour =
        asked ->
            asked.request().operation() == Operation.DELETE
                ? SimulatedApi.answer(500, "")
                : empty();
    List<Future<Answer<Void>>> deletes =
        IntStream.range(0, 30)
            .mapToObj(
                i ->
                    gate.submit(
                        caller("d" + i),
                        AuthorizationRequests.delete("a" + i),
                        AuthorizationResponses::deleted))
            .toList();
    for (int minute = 0; minute < 20; minute++) {
      lists("m" + minute + "-", 20);
      loop.run(Duration.ofMinutes(1));
    }
    assertThat(deletes).noneMatch(Future::isComplete);

    api.behaviour = any -> SimulatedApi.answer(204, "");
    loop.run(Duration.ofMinutes(1));
    assertThat(deletes).allMatch(RequestGateTest::isDone);
  }

  // ---- poison ----------------------------------------------------------------------------------

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

    assertThat(healthy).allMatch(RequestGateTest::isDone);
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
    assertThat(healthy).allMatch(RequestGateTest::isDone);

    for (int i = 0; i < 20; i++) {
      Future<Answer<List<Authorization>>> newcomer = list("n" + i);
      loop.run(Duration.ofSeconds(40));
      assertThat(newcomer).matches(RequestGateTest::isDone);
    }

    assertThat(poison).allSatisfy(RequestGateTest::refused);
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

    assertThat(newcomer).matches(RequestGateTest::isDone);
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
    assertThat(healthy).allMatch(RequestGateTest::isDone);
    api.behaviour = asked -> ofOperation(asked, any -> SimulatedApi.answer(500, ""));
    loop.run(Duration.ofHours(1));
    assertThat(poison).allSatisfy(one -> refused(one));
  }

  // ---- holds -----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"rand(30),add(30)", "0", "-5", "", "soon", "1.5", "99999999999999999999"})
  @DisplayName("a Retry-After that names no time, or an absurd one, is bounded")
  void strangeRetryAfter(String header) {
    int[] left = {3};
    api.behaviour = any -> left[0]-- > 0 ? SimulatedApi.throttled(header) : empty();
    Future<Answer<List<Authorization>>> only = list("p");

    loop.run(Duration.ofMinutes(header.length() > 10 && header.startsWith("9") ? 50 : 1));

    assertThat(only).matches(RequestGateTest::isDone);
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
    assertThat(all).allMatch(RequestGateTest::isDone);
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
    assertThat(all).allMatch(RequestGateTest::isDone);
  }

  // ---- our own fault ---------------------------------------------------------------------------

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

    assertThat(all).allMatch(RequestGateTest::isDone);
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

  @Test
  @DisplayName("a static token that is refused stops everything until its replacement is there")
  void staticTokenRefused() {
    api.behaviour =
        asked -> "token-1".equals(asked.token()) ? empty() : SimulatedApi.answer(401, FORBIDDEN);
    List<Future<Answer<List<Authorization>>>> all = lists("p", 100);
    loop.run(Duration.ofHours(1));

    assertThat(all).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(gate.status().words()).contains("401 to the access token");
    assertThat(api.asked.size()).isLessThan(64 + 60 * 20);

    values = new ResolvedCredentials.Token("token-1");
    gate.recheckCredentials();
    loop.run(Duration.ofSeconds(5));
    assertThat(all).allMatch(RequestGateTest::isDone);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @Test
  @DisplayName("a refused refresh, and a 401 for a fresh token, stop everything and heal")
  void refreshRefused() {
    values = new ResolvedCredentials.Grant("client", "client-secret", "refresh-0");
    int[] issued = {0};
    boolean[] refuseRefresh = {true};
    boolean[] refuseTokens = {false};
    api.behaviour =
        asked -> {
          if (asked.request().operation() == Operation.REFRESH) {
            return refuseRefresh[0]
                ? SimulatedApi.answer(
                    400,
                    "{\"error\":\"invalid_request\",\"error_description\":\"refresh-0 expired\"}")
                : SimulatedApi.answer(200, "{\"access_token\":\"issued-" + ++issued[0] + "\"}");
          }
          return refuseTokens[0] ? SimulatedApi.answer(401, "") : empty();
        };
    List<Future<Answer<List<Authorization>>>> all = lists("p", 100);
    loop.run(Duration.ofMinutes(30));
    assertThat(all).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(gate.status().words()).contains("invalid_request").doesNotContain("refresh-0");
    assertThat(api.asked.size()).isBetween(30, 30 * 20);

    refuseRefresh[0] = false;
    refuseTokens[0] = true;
    loop.run(Duration.ofMinutes(30));
    assertThat(all).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.CREDENTIALS_REFUSED);

    refuseTokens[0] = false;
    loop.run(Duration.ofSeconds(40));
    assertThat(all).allMatch(RequestGateTest::isDone);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @Test
  @DisplayName("401 for one request while others succeed is that request's")
  void unauthorizedForOne() {
    api.behaviour =
        asked -> asked.isAbout("poison") ? SimulatedApi.answer(401, FORBIDDEN) : empty();
    Future<Answer<List<Authorization>>> poison = list("poison");
    List<Future<Answer<List<Authorization>>>> healthy = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      healthy.add(list("p" + i));
      loop.run(Duration.ofSeconds(1));
    }
    assertThat(healthy).allMatch(RequestGateTest::isDone);
    assertThat(refused(poison).refusal().code()).isEqualTo("attempts_exhausted");
    assertThat(refused(poison).call().status().code()).isEqualTo(401);
  }

  @Test
  @DisplayName("403 for everybody stops everything and heals")
  void forbiddenForEverybody() {
    api.behaviour = asked -> ofOperation(asked, any -> SimulatedApi.answer(403, FORBIDDEN));
    List<Future<Answer<List<Authorization>>>> all = lists("p", 40);
    loop.run(Duration.ofHours(1));
    assertThat(all).noneMatch(Future::isComplete);
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(api.asked.size()).isLessThan(60 * 20);

    api.behaviour = any -> empty();
    loop.run(Duration.ofSeconds(40));
    assertThat(all).allMatch(RequestGateTest::isDone);
  }

  @Test
  @DisplayName("403 on every delete stops the deletes though lists are allowed")
  void forbiddenToDelete() {
    api.behaviour =
        asked ->
            asked.request().operation() == Operation.DELETE
                ? SimulatedApi.answer(403, FORBIDDEN)
                : empty();
    List<Future<Answer<Void>>> deletes =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    gate.submit(
                        caller("d" + i),
                        AuthorizationRequests.delete("a" + i),
                        AuthorizationResponses::deleted))
            .toList();
    for (int i = 0; i < 20; i++) {
      list("p" + i);
      loop.run(Duration.ofMinutes(1));
    }
    assertThat(deletes).noneMatch(Future::isComplete);
  }

  @Test
  @DisplayName("403 for one person while others succeed, or all alone, is that person's")
  void forbiddenForOne() {
    api.behaviour =
        asked ->
            ofOperation(
                asked,
                any -> asked.isAbout("other-org") ? SimulatedApi.answer(403, FORBIDDEN) : empty());
    Future<Answer<List<Authorization>>> alone = list("other-org");
    loop.run(Duration.ofSeconds(30));
    assertThat(refused(alone).refusal().code()).isEqualTo("forbidden");

    List<Future<Answer<List<Authorization>>>> healthy = lists("p", 20);
    loop.run(Duration.ofSeconds(1));
    List<Future<Answer<List<Authorization>>>> forbidden = lists("other-org", 10);
    loop.run(Duration.ofSeconds(5));
    assertThat(healthy).allMatch(RequestGateTest::isDone);
    assertThat(forbidden)
        .allSatisfy(one -> assertThat(refused(one).refusal().code()).isEqualTo("forbidden"));
    assertThat(gate.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  // ---- cancellation ----------------------------------------------------------------------------

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

  // ---- fairness and bounds ---------------------------------------------------------------------

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

    assertThat(others).allMatch(RequestGateTest::isDone);
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
