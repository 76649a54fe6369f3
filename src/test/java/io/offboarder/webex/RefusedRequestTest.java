package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.webex.FakeApi.Reply;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.GateStatus;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("The client, where a request is not granted")
class RefusedRequestTest extends ClientFixture {
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
}
