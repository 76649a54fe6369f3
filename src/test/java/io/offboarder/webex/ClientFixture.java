package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.webex.FakeApi.Reply;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.Answer.Refused;
import io.offboarder.webex.gate.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The client, over real HTTP, and an API that answers as each test says. */
abstract class ClientFixture {
  static final RequestContext CALLER =
      new RequestContext("event-1", RequestContext.Priority.TERMINATION);
  static final Person ANN = new Person.ByEmail("ann+x@example.com");

  private Vertx vertx;
  FakeApi api;
  AuthorizationsClient client;

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

  void use(TestSettings settings) throws Exception {
    if (client != null) {
      get(client.close());
    }
    client = AuthorizationsClient.create(vertx, settings.at(api.url()));
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  static <T> T value(Answer<T> answer) {
    assertThat(answer).isInstanceOf(Done.class);
    return ((Done<T>) answer).value();
  }

  static <T> Refused<T> refused(Answer<T> answer) {
    assertThat(answer).isInstanceOf(Refused.class);
    return (Refused<T>) answer;
  }

  static String items(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "{\"id\":\"a" + i + "\",\"type\":\"access\"}")
        .collect(Collectors.joining(","));
  }

  static Reply listOf(int from, int to) {
    return Reply.of(200, "{\"items\":[" + items(from, to) + "]}");
  }
}
