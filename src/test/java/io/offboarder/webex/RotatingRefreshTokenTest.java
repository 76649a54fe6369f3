package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.webex.FakeApi.Asked;
import io.offboarder.webex.FakeApi.Reply;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.RefreshTokenFile;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.GateSettings.Probes;
import io.offboarder.webex.gate.GateStatus;
import io.offboarder.webex.gate.RequestContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Where the API replaces the refresh token with each renewal,")
class RotatingRefreshTokenTest {

  private final Vertx vertx = Vertx.vertx();
  private final List<AuthorizationsClient> clients = new ArrayList<>();
  private final Set<String> live = ConcurrentHashMap.newKeySet();
  private final Secret configured = Secret.of("refresh-0");
  @TempDir private Path directory;
  private FakeApi api;
  private String newest = "refresh-0";
  private int renewals;

  @BeforeEach
  void start() throws Exception {
    api = new FakeApi(vertx);
    api.answer(this::reply);
  }

  @AfterEach
  void stop() throws Exception {
    for (AuthorizationsClient client : clients) {
      client.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
    vertx.close().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  /** Only the newest refresh token is good, and an access token for two seconds. */
  private synchronized Reply reply(Asked asked) {
    if (asked.isAbout("access_token")) {
      if (!asked.body().endsWith("refresh_token=" + newest)) {
        return Reply.of(400, "{\"error\":\"invalid_grant\"}");
      }
      renewals++;
      newest = "refresh-" + renewals;
      live.add("Bearer access-" + renewals);
      return Reply.of(
          200,
          "{\"access_token\":\"access-%d\",\"refresh_token\":\"%s\",\"expires_in\":2}"
              .formatted(renewals, newest));
    }
    return live.contains(asked.headers().get("authorization"))
        ? Reply.of(200, FakeApi.EMPTY)
        : Reply.of(401, "{\"message\":\"no\"}");
  }

  private AuthorizationsClient client() {
    TestSettings settings = new TestSettings();
    settings.credentials =
        new Credentials.RefreshToken(
            Secret.of("client"),
            Secret.of("secret"),
            configured,
            new RefreshTokenFile(directory.resolve("newest")));
    settings.probes =
        new Probes(Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMillis(100));
    AuthorizationsClient client = AuthorizationsClient.create(vertx, settings.at(api.url()));
    clients.add(client);
    return client;
  }

  private static void ask(AuthorizationsClient client) throws Exception {
    Future<Answer<List<Authorization>>> answer =
        client.list(
            new RequestContext("e", RequestContext.Priority.TERMINATION), new Person.ById("p"));
    assertThat(answer.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS))
        .isInstanceOf(Answer.Done.class);
  }

  @Test
  @DisplayName("a restart goes on with the newest one, which is kept for this user alone")
  void restart() throws Exception {
    ask(client());
    await().until(() -> Files.exists(directory.resolve("newest")));
    assertThat(Files.readAllLines(directory.resolve("newest"))).last().isEqualTo("refresh-1");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("newest"))))
        .isEqualTo("rw-------");

    AuthorizationsClient second = client();
    ask(second);
    assertThat(second.status().state()).isEqualTo(GateStatus.State.OPEN);
    assertThat(renewals).isEqualTo(2);
    await()
        .untilAsserted(
            () -> {
              assertThat(directory).isDirectoryNotContaining("glob:**.tmp");
              assertThat(Files.readAllLines(directory.resolve("newest"))).contains("refresh-2");
            });
  }

  @Test
  @DisplayName("instances that share the file do not lock each other out")
  void shared() throws Exception {
    AuthorizationsClient one = client();
    ask(one);
    await().until(() -> Files.exists(directory.resolve("newest")));
    AuthorizationsClient other = client();
    while (renewals < 12) {
      ask(one);
      ask(other);
    }
  }
}
