package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.offboarder.webex.FakeApi.Reply;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.QuotaModel;
import io.offboarder.webex.gate.RequestContext;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The client, over real HTTP")
class AuthorizationsClientTest extends ClientFixture {
  @Test
  @DisplayName("lists by e-mail address, percent-encoded, with its own tracking id and the token")
  void lists() throws Exception {
    api.answer(
        asked ->
            Reply.of(
                    200,
                    """
                    {"items":[
                      {"id":"r1","type":"refresh","clientId":"C1","applicationName":"Zapier","personId":"p1",
                       "applicationId":"a1","created":"2015-10-18T14:26:16+00:00","scopes":["x"],"new":{"a":1}},
                      {"id":"a1","type":"access","created":"2024-01-02T03:04:05.678Z"},
                      {"id":"u1","type":"device","created":"yesterday"}]}
                    """)
                .with("trackingid", "SRV_1, SRV_1"));

    Answer<List<Authorization>> answer = get(client.list(CALLER, ANN));

    assertThat(value(answer))
        .containsExactly(
            new Authorization(
                "r1",
                AuthorizationType.REFRESH,
                "p1",
                "C1",
                "a1",
                "Zapier",
                Instant.parse("2015-10-18T14:26:16Z")),
            new Authorization(
                "a1",
                AuthorizationType.ACCESS,
                null,
                null,
                null,
                null,
                Instant.parse("2024-01-02T03:04:05.678Z")),
            new Authorization("u1", AuthorizationType.UNKNOWN, null, null, null, null, null));
    assertThat(answer.call().trackingId()).isEqualTo("SRV_1");
    assertThat(answer.call().status().code()).isEqualTo(200);
    assertThat(answer.call().attempts()).isEqualTo(1);
    FakeApi.Asked asked = api.asked.get(0);
    assertThat(asked.method()).isEqualTo("GET");
    assertThat(asked.uri()).isEqualTo("/v1/authorizations?personEmail=ann%2Bx%40example.com");
    assertThat(asked.headers())
        .containsEntry("authorization", "Bearer static-token")
        .hasEntrySatisfying("trackingid", id -> assertThat(id).startsWith("OFFBOARDER_"));
  }

  @Test
  @DisplayName("deletes by id, by client and org, and asks for the token's expiry")
  void otherOperations() throws Exception {
    api.answer(
        asked ->
            asked.isAbout("tokenExpiry")
                ? Reply.of(200, "{\"exp\": 1768630439322}")
                : Reply.noContent());

    assertThat(value(get(client.delete(CALLER, "ab?c#d%e f.é")))).isNull();
    assertThat(value(get(client.deleteByClient(CALLER, "C&1", "o=1")))).isNull();
    assertThat(value(get(client.tokenExpiry(CALLER))))
        .isEqualTo(Instant.ofEpochMilli(1768630439322L));

    assertThat(api.asked)
        .extracting(asked -> asked.method() + " " + asked.uri())
        .containsExactly(
            "DELETE /v1/authorizations/ab%3Fc%23d%25e%20f.%C3%A9",
            "DELETE /v1/authorizations?clientId=C%261&orgId=o%3D1",
            "GET /v1/authorizations/tokenExpiry");
  }

  @Test
  @DisplayName("masks the token in a tracking id that repeats it")
  void maskedTrackingId() throws Exception {
    api.answer(
        asked ->
            Reply.of(200, FakeApi.EMPTY)
                .with("trackingid", "T_" + asked.headers().get("authorization").substring(7)));

    assertThat(get(client.list(CALLER, ANN)).call().trackingId()).isEqualTo("T_***");
  }

  @Test
  @DisplayName("keeps its own tracking id where the API sends none")
  void ownTrackingId() throws Exception {
    Answer<List<Authorization>> answer = get(client.list(CALLER, new Person.ById("p/1")));

    assertThat(answer.call().trackingId()).isEqualTo(api.asked.get(0).headers().get("trackingid"));
    assertThat(api.asked.get(0).uri()).isEqualTo("/v1/authorizations?personId=p%2F1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n", ".", "..", "\ud800", "a\udc00b"})
  @DisplayName("refuses an id that cannot be one path segment before anything is sent")
  void refusesUnusableIds(String id) {
    List<Future<?>> futures =
        List.of(
            client.delete(CALLER, id),
            client.deleteByClient(CALLER, id, "org"),
            client.deleteByClient(CALLER, "client", id),
            client.list(CALLER, new Person.ById(id)),
            client.list(CALLER, new Person.ByEmail(id)));
    for (Future<?> future : futures) {
      assertThatThrownBy(() -> get(future))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(IllegalArgumentException.class);
    }
    assertThat(api.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "/", "../authorizations", "a\\b"})
  @DisplayName("refuses to delete by an id with a slash, which a proxy could take for a path")
  void refusesSlashes(String id) {
    assertThatThrownBy(() -> get(client.delete(CALLER, id)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(api.asked).isEmpty();
  }

  @Test
  @DisplayName("never has more requests in flight than configured")
  void concurrency() throws Exception {
    TestSettings bounded = new TestSettings();
    bounded.maxConcurrency = 7;
    use(bounded);
    api.answer(asked -> Reply.noContent().after(Duration.ofMillis(30)));

    List<Future<Answer<Void>>> all =
        java.util.stream.IntStream.range(0, 300)
            .mapToObj(
                i ->
                    client.delete(
                        new RequestContext("e" + i, RequestContext.Priority.TERMINATION), "id" + i))
            .toList();
    get(Future.join(all));

    assertThat(all).allMatch(one -> one.result() instanceof Done);
    assertThat(api.mostInFlight.get()).isBetween(3, 7);
    assertThat(api.mostOpen.get()).isLessThanOrEqualTo(7);
  }

  @Test
  @DisplayName("a 429 holds everybody back until the instant it names")
  void holds() throws Exception {
    api.answer(
        asked ->
            api.times("all") == 1
                ? Reply.of(429, "").with("Retry-After", "1")
                : Reply.of(200, FakeApi.EMPTY));
    Answer<List<Authorization>> first = get(client.list(CALLER, ANN));
    assertThat(first.call().throttled()).isEqualTo(1);
    assertThat(first.call().attempts()).isEqualTo(2);

    long gap = api.asked.get(1).nanos() - api.asked.get(0).nanos();
    assertThat(Duration.ofNanos(gap)).isBetween(Duration.ofSeconds(1), Duration.ofMillis(1500));
  }

  @Test
  @DisplayName("finds a quota of 100 requests per second, and keeps to it")
  void quota() throws Exception {
    QuotaModel model = QuotaModel.tokenBucket(100, 1);
    AtomicInteger accepted = new AtomicInteger();
    long start = System.nanoTime();
    api.answer(
        asked -> {
          if (model.accepts((asked.nanos() - start) / 1e9)) {
            accepted.incrementAndGet();
            return Reply.noContent();
          }
          return Reply.of(429, "").with("Retry-After", "1");
        });
    AtomicBoolean stop = new AtomicBoolean();
    for (int i = 0; i < 100; i++) {
      keepDeleting(new RequestContext("e" + i, RequestContext.Priority.TERMINATION), stop);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> System.nanoTime() - start > Duration.ofSeconds(6).toNanos());
    stop.set(true);
    double quota = 100 * (System.nanoTime() - start) / 1e9;

    // How well it is used, virtual time says; here the machine may be busy with something else.
    assertThat(accepted.get()).isGreaterThan((int) (0.5 * quota));
    assertThat(api.asked.size() - accepted.get()).isLessThan(250);
  }

  private void keepDeleting(RequestContext caller, AtomicBoolean stop) {
    client
        .delete(caller, "id")
        .onSuccess(
            answer -> {
              if (!stop.get()) {
                keepDeleting(caller, stop);
              }
            });
  }

  @Test
  @DisplayName("concurrent 401s of one token share one refresh, and all are asked again")
  void singleFlightRefresh() throws Exception {
    TestSettings refreshing = new TestSettings();
    refreshing.credentials =
        new Credentials.RefreshToken(
            Secret.of("client"), Secret.of("client&secret"), Secret.of("refresh-0"));
    use(refreshing);
    api.answer(
        asked -> {
          if (asked.isAbout("access_token")) {
            int time = api.times("refresh");
            return Reply.of(
                200,
                "{\"access_token\":\"token-"
                    + time
                    + "\",\"expires_in\":1209600,\"refresh_token\":\"refresh-"
                    + time
                    + "\"}");
          }
          String token = asked.headers().get("authorization");
          boolean expired = token.equals("Bearer token-1") && api.times("use") > 1;
          return expired ? Reply.of(401, "{\"message\":\"m\"}") : Reply.of(200, FakeApi.EMPTY);
        });
    value(get(client.list(CALLER, ANN)));

    List<Future<Answer<List<Authorization>>>> all =
        java.util.stream.IntStream.range(0, 40)
            .mapToObj(
                i ->
                    client.list(
                        new RequestContext("e" + i, RequestContext.Priority.TERMINATION),
                        new Person.ById("p" + i)))
            .toList();
    get(Future.join(all));

    assertThat(all).allMatch(one -> one.result() instanceof Done);
    List<FakeApi.Asked> refreshes = api.asked("access_token");
    assertThat(refreshes).hasSize(2);
    assertThat(refreshes.get(0).method()).isEqualTo("POST");
    assertThat(refreshes.get(0).uri()).isEqualTo("/v1/access_token");
    assertThat(refreshes.get(0).body())
        .isEqualTo(
            "grant_type=refresh_token&client_id=client&client_secret=client%26secret"
                + "&refresh_token=refresh-0");
    assertThat(refreshes.get(1).body()).endsWith("refresh_token=refresh-1");
    assertThat(refreshes.get(0).headers()).doesNotContainKey("authorization");
  }
}
