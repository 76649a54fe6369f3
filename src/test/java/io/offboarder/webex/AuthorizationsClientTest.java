package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.offboarder.webex.FakeApi.Reply;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.GateStatus;
import io.offboarder.webex.gate.QuotaModel;
import io.offboarder.webex.gate.RequestContext;
import io.offboarder.webex.http.ApiResponse;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The client, over real HTTP")
class AuthorizationsClientTest {

  private static final RequestContext CALLER =
      new RequestContext("event-1", RequestContext.Priority.TERMINATION);
  private static final Person ANN = new Person.ByEmail("ann+x@example.com");

  private Vertx vertx;
  private FakeApi api;
  private AuthorizationsClient client;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    api = new FakeApi(vertx);
    use(new TestSettings());
  }

  @AfterEach
  void stop() throws Exception {
    get(client.close());
    api.stop();
    get(vertx.close());
  }

  private void use(TestSettings settings) throws Exception {
    if (client != null) {
      get(client.close());
    }
    client = AuthorizationsClient.create(vertx, settings.at(api.url()));
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static <T> T value(Answer<T> answer) {
    assertThat(answer).isInstanceOf(Done.class);
    return ((Done<T>) answer).value();
  }

  private static <T> Refused<T> refused(Answer<T> answer) {
    assertThat(answer).isInstanceOf(Refused.class);
    return (Refused<T>) answer;
  }

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
  @DisplayName("lists an item without an id as one that nothing can delete, so no list looks empty")
  void itemsWithoutId() throws Exception {
    api.answer(
        asked ->
            Reply.of(
                200, "{\"items\":[{\"type\":\"refresh\"},null,{\"id\":7},\"x\",{\"id\":\"..\"}]}"));

    List<Authorization> listed = value(get(client.list(CALLER, ANN)));

    assertThat(listed).hasSize(5).noneMatch(Authorization::hasUsableId);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"items\":null}",
        "{\"items\":{}}",
        "<html>ok</html>",
        "{\"items\":[]",
        "{\"items\":[]} trailing",
        "{\"items\":[{\"id\":\"a\"},"
      })
  @DisplayName("never takes an answer without a list for an empty list")
  void noFalseEmptyList(String body) throws Exception {
    api.answerInTurn(Reply.of(200, body), Reply.of(200, "{\"items\":[{\"id\":\"live\"}]}"));

    Answer<List<Authorization>> answer = get(client.list(CALLER, ANN));

    assertThat(value(answer)).extracting(Authorization::id).containsExactly("live");
    assertThat(answer.call().attempts()).isEqualTo(2);
  }

  @Test
  @DisplayName("counts only 204 as a deletion")
  void only204() throws Exception {
    api.answerInTurn(Reply.of(200, "ok"), Reply.of(202, ""), Reply.noContent());

    assertThat(get(client.deleteByClient(CALLER, "C", "o")).call().attempts()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400|{"message":"M","errors":[{"description":"D"}],"trackingId":"t"}|bad_request|M|D
          403|{"message":"M","trackingId":"t"}|forbidden|M|
          404|{"message":"M","errors":[{"description":"M"}]}|not_found|M|
          409|{"error":[{"key":"409","message":[{"description":"D","code":1}]}]}|conflict|D|
          410|{"message":"","trackingId":"t"}|gone|no explanation in the answer (application/json, 31 bytes)|
          405|{"error":"invalid_request","error_description":"D"}|method_not_allowed|invalid_request|D
          451|{"errors":[],"message":5}|refused_451|no explanation in the answer (application/json, 25 bytes)|
          """)
  @DisplayName("tells a refusal in the API's own words, in whatever form they come")
  void refusals(int status, String body, String code, String message, String detail)
      throws Exception {
    get(client.list(CALLER, new Person.ById("p"))); // Before that a 404 would mean a wrong URL.
    api.asked.clear();
    api.answer(asked -> Reply.of(status, body == null ? "" : body));

    Refused<Void> refused = refused(get(client.delete(CALLER, "id")));

    assertThat(refused.refusal().code()).isEqualTo(code);
    assertThat(refused.refusal().message()).isEqualTo(message);
    assertThat(refused.refusal().detail()).isEqualTo(detail);
    assertThat(refused.call().status().code()).isEqualTo(status);
    if (status != 403) {
      assertThat(api.asked).hasSize(1);
    }
  }

  static Stream<Reply> gateways() {
    byte[] notUtf8 = {'{', '"', (byte) 0xC3, (byte) 0x28, (byte) 0xFF};
    return Stream.of(
        Reply.ofGateway(404, "text/html", "<html><body>404 Not Found</body></html>"),
        Reply.ofGateway(404, "application/json", ""),
        Reply.ofGateway(403, "text/html", "<html><body>blocked</body></html>"),
        Reply.ofGateway(410, "application/json", "{\"message\":\"no Route matched\"}"),
        Reply.ofGateway(400, "application/json", "{\"error\":{\"code\":400}}"),
        Reply.of(404, "<html>with a tracking id</html>"),
        Reply.of(404, ""),
        Reply.of(404, "[\"message\"]"),
        Reply.of(404, "{\"fault\":\"of a gateway that hands ids through\"}"),
        new Reply(400, Map.of(), Buffer.buffer(notUtf8), Duration.ZERO));
  }

  @ParameterizedTest
  @MethodSource("gateways")
  @DisplayName("takes no gateway's error for the API's word, and asks again")
  void notTheApisWord(Reply reply) throws Exception {
    api.answerInTurn(reply, Reply.of(200, FakeApi.EMPTY));

    Answer<List<Authorization>> answer = get(client.list(CALLER, ANN));

    assertThat(value(answer)).isEmpty();
    assertThat(answer.call().attempts()).isEqualTo(2);
  }

  @Test
  @DisplayName("takes a gateway's errors that go on for an outage, and says what they look like")
  void gatewayInTheWay() throws Exception {
    get(client.list(CALLER, ANN));
    api.answer(asked -> Reply.ofGateway(404, "text/html", "<html>Not Found</html>"));

    Future<Answer<List<Authorization>>> waiting = client.list(CALLER, ANN);

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> client.status().state() == GateStatus.State.OUTAGE);
    assertThat(client.status().words()).contains("404").contains("text/html, 22 bytes");
    assertThat(waiting.isComplete()).isFalse();
  }

  @Test
  @DisplayName("retries 5xx, 408, timeouts, lost connections and redirects, which it never follows")
  void retries() throws Exception {
    TestSettings impatient = new TestSettings();
    impatient.timeouts =
        new Timeouts(Duration.ofSeconds(1), Duration.ofMillis(300), Duration.ofSeconds(1));
    use(impatient);
    api.answerInTurn(
        Reply.of(503, ""),
        Reply.of(302, "").with("Location", api.url() + "/elsewhere"),
        Reply.of(200, "{\"exp\":1}"), // the check that settles whether the API is down
        Reply.dropped(),
        Reply.of(408, ""),
        Reply.of(200, FakeApi.EMPTY));

    Answer<List<Authorization>> answer = get(client.list(CALLER, ANN));

    assertThat(value(answer)).isEmpty();
    assertThat(answer.call().attempts()).isGreaterThanOrEqualTo(4);
    assertThat(api.asked("elsewhere")).isEmpty();
  }

  private static String items(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":\"a" + i + "\",\"type\":\"access\"}")
        .collect(Collectors.joining(","));
  }

  private static Reply listOf(int from, int to) {
    return Reply.of(200, "{\"items\":[" + items(from, to) + "]}");
  }

  @Test
  @DisplayName("lists what came before the bound of an answer's body, and never nothing for it")
  void bodyBound() throws Exception {
    TestSettings bounded = new TestSettings();
    bounded.maxResponseBytes = 2048;
    use(bounded);
    api.answerInTurn(
        Reply.of(200, "{\"items\":[], \"x\":\"" + "x".repeat(100_000) + "\"}"), listOf(0, 5000));

    Answer<List<Authorization>> answer = get(client.list(CALLER, ANN));

    assertThat(answer.call().attempts()).isEqualTo(2);
    assertThat(value(answer)).hasSizeBetween(50, 100).allMatch(Authorization::hasUsableId);
  }

  @Test
  @DisplayName("names the setting when an answer has no authorization within the bound")
  void nothingWithinTheBound() {
    Buffer body = Buffer.buffer("{\"items\":[{\"id\":\"" + "x".repeat(1000));
    ApiResponse cut = new ApiResponse(200, "T", HttpHeaders.headers(), body, null, true);

    assertThatThrownBy(() -> Lists.authorizations(cut))
        .hasMessage("200 without an authorization within webex.max-response-bytes");
  }

  @Test
  @DisplayName("takes no more items from a list than it may, however many there are")
  void manyItems() throws Exception {
    TestSettings bounded = new TestSettings();
    bounded.maxListItems = 1000;
    use(bounded);
    api.answer(asked -> Reply.of(200, "{\"items\":[" + "{},".repeat(2_000_000) + "{}]}"));

    assertThat(value(get(client.list(CALLER, ANN)))).hasSize(1000);
  }

  @Test
  @DisplayName("cuts long names, and takes identifiers that no API writes for missing ones")
  void longTexts() throws Exception {
    String name = "n".repeat(999) + "\ud83d\ude00" + "n".repeat(60_000);
    String item = "\"id\":\"%s\",\"applicationName\":\"%s\",\"clientId\":\"C\"";
    api.answer(
        asked -> Reply.of(200, "{\"items\":[{" + item.formatted("i".repeat(2000), name) + "}]}"));

    Authorization listed = value(get(client.list(CALLER, ANN))).get(0);

    assertThat(listed.hasUsableId()).isFalse();
    assertThat(listed.applicationName()).isEqualTo("n".repeat(999));
    assertThat(listed.clientId()).isEqualTo("C");
  }

  @Test
  @DisplayName("follows a list's next pages, and tells what all of them took")
  void pages() throws Exception {
    String lists = "<" + api.url() + "/authorizations?";
    api.answer(
        asked -> {
          if (asked.isAbout("after=2")) {
            return listOf(4, 5);
          }
          if (asked.isAbout("after=1")) {
            return listOf(2, 4).with("Link", lists + "after=2>;rel=next");
          }
          return listOf(0, 2)
              .with("Link", lists + ">; rel=\"prev\", " + lists + "a=b&after=1>; rel=\"next\"");
        });

    Answer<List<Authorization>> answer = get(client.list(CALLER, ANN));

    assertThat(value(answer))
        .extracting(Authorization::id)
        .containsExactly("a0", "a1", "a2", "a3", "a4");
    assertThat(answer.call().attempts()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.2:%d/v1/authorizations?a=1",
        "https://127.0.0.1:%d/v1/authorizations?a=1",
        "http://127.0.0.1:1/v1/authorizations?a=1",
        "http://me@127.0.0.1:%d/v1/authorizations?a=1",
        "http://127.0.0.1:%d/v1/authorizations/../people?a=1",
        "http://127.0.0.1:%d/v2/authorizations?a=1",
        "http://127.0.0.1:%d/v1/authorizations",
        "::"
      })
  @DisplayName("asks for no page but below the API's own address, and proves nothing without it")
  void strangePages(String url) throws Exception {
    String link = "<" + url.formatted(api.port()) + ">; rel=\"next\"";
    api.answerInTurn(Reply.of(200, FakeApi.EMPTY).with("Link", link), listOf(0, 1));

    Answer<List<Authorization>> answer = get(client.list(CALLER, ANN));

    assertThat(value(answer)).hasSize(1);
    assertThat(api.asked).extracting(FakeApi.Asked::uri).containsOnly(api.asked.get(0).uri());
  }

  @Test
  @DisplayName("ends a list whose pages lead in a circle, instead of turning in it")
  void circle() throws Exception {
    String next = "<" + api.url() + "/authorizations?after=1>; rel=\"next\"";
    api.answer(asked -> listOf(0, 1).with("Link", next));

    assertThat(refused(get(client.list(CALLER, ANN))).refusal().code())
        .isEqualTo("unexpected_answer");
  }

  @Test
  @DisplayName("hears that the API does not know a person from a list's notFoundIds too")
  void notFoundIds() throws Exception {
    String ann = "\"notFoundIds\":[\"ann+x@example.com\"]";
    api.answerInTurn(
        Reply.of(200, "{\"items\":[]," + ann + "}"),
        Reply.of(200, "{\"items\":[],\"notFoundIds\":[\"bob@example.com\",7,{}]}"),
        Reply.of(200, "{" + ann + ",\"items\":[" + items(0, 1) + "]}"));

    assertThat(refused(get(client.list(CALLER, ANN))).refusal().isNotFound()).isTrue();
    assertThat(value(get(client.list(CALLER, ANN)))).isEmpty();
    assertThat(value(get(client.list(CALLER, ANN)))).hasSize(1);
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
