package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offboarder.webex.FakeApi.Reply;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.http.ApiResponse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The client, reading a list")
class AuthorizationListTest extends ClientFixture {
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
}
