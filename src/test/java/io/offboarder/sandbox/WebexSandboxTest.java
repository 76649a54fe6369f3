package io.offboarder.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.sandbox.Fault.Effect;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The sandbox, over real HTTP")
class WebexSandboxTest {
  private final HttpClient http = HttpClient.newHttpClient();
  private Vertx vertx;
  private WebexSandbox sandbox;
  private SandboxPerson ann;
  private List<SandboxAuthorization> anns;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    sandbox = WebexSandbox.start(vertx, SandboxSettings.defaults()).await();
    ann = sandbox.addPerson("ann@example.com");
    anns = sandbox.authorize(ann, sandbox.newApp("Slides"), 2);
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  @DisplayName("lists what a person has authorized, in the documented form")
  void list() throws Exception {
    HttpResponse<String> answer = get("/authorizations?personEmail=ANN@example.com");
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonObject first = new JsonObject(answer.body()).getJsonArray("items").getJsonObject(0);
    assertThat(first.fieldNames())
        .containsExactlyInAnyOrder(
            "id", "applicationId", "applicationName", "personId", "clientId", "created", "type");
    assertThat(first.getString("created"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+00:00");
    assertThat(first.getString("clientId")).matches("C[0-9a-f]{64}");
  }

  @Test
  @DisplayName("repeats a client's tracking id, and makes one where there is none")
  void trackingId() throws Exception {
    HttpResponse<String> own =
        send(request("/authorizations/tokenExpiry").header("TrackingID", "ME_1").GET());
    assertThat(own.headers().firstValue("trackingid")).contains("ME_1, ME_1");
    assertThat(get("/authorizations/tokenExpiry").headers().firstValue("trackingid").orElseThrow())
        .startsWith("ROUTERGW_");
  }

  @Test
  @DisplayName("takes access authorizations along with their refresh authorization")
  void cascade() throws Exception {
    assertThat(delete("/authorizations/" + anns.get(0).id()).statusCode()).isEqualTo(204);
    assertThat(sandbox.live(ann)).isEmpty();
    assertThat(delete("/authorizations/" + anns.get(0).id()).statusCode()).isEqualTo(404);
  }

  @Test
  @DisplayName("leaves the refresh authorization when an access authorization is deleted")
  void accessAlone() throws Exception {
    assertThat(delete("/authorizations/" + anns.get(1).id()).statusCode()).isEqualTo(204);
    assertThat(sandbox.live(ann)).containsExactly(anns.get(0), anns.get(2));
  }

  @Test
  @DisplayName("never takes a delete without an id for one of everything")
  void emptyId() throws Exception {
    assertThat(delete("/authorizations/").statusCode()).isEqualTo(400);
    assertThat(delete("/authorizations?clientId=").statusCode()).isEqualTo(400);
    assertThat(sandbox.live(ann)).hasSize(3);
  }

  @Test
  @DisplayName("answers 401 with the real text to a token that is not good any more")
  void unauthorized() throws Exception {
    sandbox.expireTokens();
    HttpResponse<String> answer = get("/authorizations?personId=" + ann.id());
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body())
        .contains("valid access token set in the Authorization request header");
  }

  @Test
  @DisplayName(
      "issues tokens for the refresh token, and refuses others as the identity broker does")
  void refresh() throws Exception {
    String form =
        "grant_type=refresh_token&client_id=sandbox-client-id&client_secret=sandbox-client-secret";
    HttpResponse<String> good =
        post("/access_token", form + "&refresh_token=sandbox-refresh-token");
    assertThat(new JsonObject(good.body()).getString("access_token")).isNotBlank();
    HttpResponse<String> bad = post("/access_token", form + "&refresh_token=other");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(bad.body()).getString("error")).isEqualTo("invalid_request");
  }

  @Test
  @DisplayName("does the work and loses the answer when told to")
  void loseAnswer() {
    sandbox.script(Fault.of(new Effect.LoseAnswer()).on(Operation.DELETE).times(1));
    assertThatThrownBy(() -> delete("/authorizations/" + anns.get(0).id()))
        .isInstanceOf(IOException.class);
    assertThat(sandbox.live(ann)).isEmpty();
  }

  @Test
  @DisplayName("answers 429 with Retry-After beyond its quota")
  void quota() throws Exception {
    sandbox.allow(0);
    HttpResponse<String> answer = get("/authorizations/tokenExpiry");
    assertThat(answer.statusCode()).isEqualTo(429);
    assertThat(answer.headers().firstValue("Retry-After")).contains("1");
  }

  @Test
  @DisplayName("is seeded, scripted and looked into over HTTP")
  void control() throws Exception {
    post(
        "../sandbox/people",
        "{\"count\":3,\"prefix\":\"p\",\"apps\":[{\"name\":\"A\",\"access\":1}]}");
    assertThat(new JsonObject(get("../sandbox/live").body()).getInteger("count")).isEqualTo(9);
    post(
        "../sandbox/faults",
        "{\"effect\":\"status\",\"status\":503,\"body\":\"html\",\"times\":1}");
    HttpResponse<String> fault = get("/authorizations/tokenExpiry");
    assertThat(fault.statusCode()).isEqualTo(503);
    assertThat(fault.body()).startsWith("<html>");
    assertThat(get("/authorizations/tokenExpiry").statusCode()).isEqualTo(200);
    HttpResponse<String> odd = post("../sandbox/faults", "{\"effect\":\"explode\"}");
    assertThat(odd.statusCode()).isEqualTo(400);
    assertThat(odd.body()).contains("explode", "expected");
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @DisplayName("says in words, on a line, what is wrong with what it is sent")
  @CsvSource(
      delimiter = '|',
      value = {
        "not JSON | the body was no JSON object",
        "'' | the body was no JSON object",
        "{\"effect\":\"delay\",\"delayMs\":\"long\"} | a member was of another type",
        "{\"operation\":\"lost\"} | operation was 'lost', expected one of list, delete,",
        "{\"body\":\"pdf\"} | body was 'pdf', expected one of json,",
        "{\"efect\":\"drop\"} | efect is no member here, expected effect,"
      })
  void controlRefuses(String body, String expected) throws Exception {
    HttpResponse<String> answer = post("../sandbox/faults", body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains(expected).doesNotContain("java").endsWith("}\n");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create(sandbox.baseUrl() + "/")
                .resolve(path.startsWith("/") ? path.substring(1) : path))
        .header("Authorization", "Bearer sandbox-access-token");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  private HttpResponse<String> delete(String path) throws Exception {
    return send(request(path).DELETE());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
