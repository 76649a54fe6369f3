package io.offboarder.webex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import io.offboarder.webex.FakeApi.Reply;
import io.offboarder.webex.credentials.Credentials;
import io.offboarder.webex.credentials.Secret;
import io.offboarder.webex.gate.Answer;
import io.offboarder.webex.gate.Answer.Done;
import io.offboarder.webex.gate.GateSettings.Probes;
import io.offboarder.webex.gate.GateSettings.Retries;
import io.offboarder.webex.gate.GateStatus;
import io.offboarder.webex.gate.RequestContext;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.offboarder.webex.limit.PauseSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@DisplayName("Credentials, over real HTTP")
class CredentialsTest {

  private static final List<String> SECRETS =
      List.of(
          "s3cret-access", "s3cret-client", "s3cret-refresh", "s3cret-issued", "s3cret-rotated");

  @TempDir private Path directory;
  private Vertx vertx;
  private FakeApi api;
  private AuthorizationsClient client;

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    api = new FakeApi(vertx);
  }

  @AfterEach
  void stop() throws Exception {
    get(client.close());
    api.stop();
    get(vertx.close());
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private Future<Answer<List<Authorization>>> list(int i) {
    return client.list(
        new RequestContext("e" + i, RequestContext.Priority.TERMINATION), new Person.ById("p" + i));
  }

  private void use(Credentials credentials) {
    TestSettings settings = new TestSettings();
    settings.credentials = credentials;
    settings.pauses = new PauseSettings(Duration.ofMillis(50), Duration.ofMinutes(1));
    settings.probes =
        new Probes(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofMillis(100));
    client = AuthorizationsClient.create(vertx, settings.at(api.url()));
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  @Test
  @DisplayName("a token's file is read again when it changes, and what waited goes on")
  void tokenFileChanges() throws Exception {
    Path token = file("token", "old-token\n");
    api.answer(
        asked ->
            asked.headers().get("authorization").equals("Bearer new-token")
                ? Reply.of(200, FakeApi.EMPTY)
                : Reply.of(401, "{}"));
    use(new Credentials.StaticToken(Secret.fromFile(token)));
    Future<Answer<List<Authorization>>> waiting = list(1);
    await().until(() -> client.status().state() == GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(waiting.isComplete()).isFalse();

    file("token", "new-token");

    assertThat(get(waiting)).isInstanceOf(Done.class);
    assertThat(client.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @Test
  @DisplayName("a service app's files are read again when they change, and what waited goes on")
  void serviceAppFilesChange() throws Exception {
    Path secret = file("client-secret", "old-secret\n");
    Path refresh = file("refresh-token", "old-refresh\n");
    api.answer(
        asked -> {
          if (!asked.isAbout("access_token")) {
            return Reply.of(200, FakeApi.EMPTY);
          }
          return asked.body().contains("client_secret=new-secret")
                  && asked.body().contains("refresh_token=new-refresh")
              ? Reply.of(200, "{\"access_token\":\"t1\",\"expires_in\":1000}")
              : Reply.of(400, "{\"error\":\"invalid_client\"}");
        });
    use(
        new Credentials.RefreshToken(
            Secret.of("id"), Secret.fromFile(secret), Secret.fromFile(refresh)));
    Future<Answer<List<Authorization>>> waiting = list(1);
    await().until(() -> client.status().state() == GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(client.status().words()).doesNotContain("old-secret", "old-refresh");

    file("client-secret", "new-secret");
    file("refresh-token", "new-refresh");

    assertThat(get(waiting)).isInstanceOf(Done.class);
    assertThat(client.status().state()).isEqualTo(GateStatus.State.OPEN);
  }

  @Test
  @DisplayName("a file that is missing is waited for, and the status names it")
  void missingFile() throws Exception {
    Path token = directory.resolve("late");
    use(new Credentials.StaticToken(Secret.fromFile(token)));
    Future<Answer<List<Authorization>>> waiting = list(1);
    await().until(() -> client.status().state() == GateStatus.State.CREDENTIALS_REFUSED);
    assertThat(client.status().words()).contains(token.toString());

    Files.writeString(token, "token");
    assertThat(get(waiting)).isInstanceOf(Done.class);
  }

  @Test
  @DisplayName("a token is renewed before it expires, while requests go on with the old one")
  void renewedAhead() throws Exception {
    api.answer(
        asked ->
            asked.isAbout("access_token")
                ? Reply.of(
                    200, "{\"access_token\":\"t" + api.times("refresh") + "\",\"expires_in\":2}")
                : Reply.of(200, FakeApi.EMPTY));
    use(
        new Credentials.RefreshToken(
            Secret.of("id"), Secret.of("client-secret"), Secret.of("refresh")));

    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () -> {
              assertThat(get(list(1))).isInstanceOf(Done.class);
              return api.asked("access_token").size() >= 3;
            });

    assertThat(api.asked.stream().filter(one -> one.isAbout("authorizations")))
        .extracting(one -> one.headers().get("authorization"))
        .contains("Bearer t1", "Bearer t2")
        .doesNotContain("Bearer null");
  }

  @Test
  @DisplayName("nothing secret is logged at any level, shown in a status, an answer or a toString")
  void nothingSecretIsTold() throws Exception {
    Queue<String> logged = new ConcurrentLinkedQueue<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            logged.add(event.getFormattedMessage());
            if (event.getThrowableProxy() != null) {
              logged.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
            }
          }
        };
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
    root.setLevel(Level.TRACE);
    StringBuilder told = new StringBuilder();
    try {
      Credentials credentials =
          new Credentials.RefreshToken(
              Secret.of("client-id"),
              Secret.fromFile(file("secret", "s3cret-client")),
              Secret.of("s3cret-refresh"));
      use(credentials);
      told.append(credentials).append(WebexSettings.at(api.url(), credentials));
      // An API that echoes what it was sent, in every kind of answer.
      api.answer(
          asked -> {
            int time = api.times("all");
            String echo =
                "{\"message\":\"" + asked.headers().get("authorization") + asked.body() + "\"}";
            if (asked.isAbout("access_token")) {
              return time < 3
                  ? Reply.of(400, echo)
                  : Reply.of(
                      200,
                      "{\"access_token\":\"s3cret-issued"
                          + time
                          + "\",\"refresh_token\":\"s3cret-rotated\",\"expires_in\":3600}");
            }
            return switch (time % 6) {
              case 0 -> Reply.of(401, echo);
              case 1 -> Reply.of(500, echo);
              case 2 -> Reply.of(404, echo);
              case 3 -> Reply.dropped();
              case 4 -> Reply.of(429, echo).with("Retry-After", "0");
              default -> Reply.of(200, FakeApi.EMPTY);
            };
          });
      for (int i = 0; i < 6; i++) {
        told.append(get(list(i))).append(client.status());
      }
      use(new Credentials.StaticToken(Secret.of("s3cret-access")));
      api.answer(asked -> Reply.of(200, FakeApi.EMPTY));
      told.append(get(list(1)));
      api.answer(
          asked -> Reply.of(404, "{\"message\":\"" + asked.headers().get("authorization") + "\"}"));
      told.append(get(list(1)));
    } finally {
      root.setLevel(before);
      root.detachAppender(appender);
    }

    assertThat(logged).isNotEmpty();
    for (String secret : SECRETS) {
      assertThat(logged).noneMatch(line -> line.contains(secret));
      assertThat(told.toString()).doesNotContain(secret);
    }
    assertThat(logged).noneMatch(line -> line.contains("Bearer s"));
  }

  @Test
  @DisplayName("500 answers that never come leave no connection and no place in flight behind")
  void hungApi() throws Exception {
    TestSettings hasty = new TestSettings();
    hasty.maxConcurrency = 32;
    hasty.retries =
        new Retries(1000, Duration.ofHours(1), Duration.ofMillis(1), Duration.ofMillis(2));
    hasty.probes = new Probes(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(5));
    hasty.timeouts =
        new Timeouts(Duration.ofSeconds(1), Duration.ofMillis(5), Duration.ofMillis(10));
    client = AuthorizationsClient.create(vertx, hasty.at(api.url()));
    api.answer(asked -> Reply.never());
    List<Future<Answer<List<Authorization>>>> all =
        IntStream.range(0, 50).mapToObj(this::list).toList();
    await().atMost(Duration.ofSeconds(30)).until(() -> api.asked.size() >= 500);

    assertThat(api.mostOpen.get()).isLessThanOrEqualTo(32 + 4);
    assertThat(all).noneMatch(Future::isComplete);
    api.answer(asked -> Reply.of(200, FakeApi.EMPTY));
    get(Future.join(all));
    await().until(() -> client.status().load().inFlight() == 0);
    assertThat(api.open.get()).isLessThanOrEqualTo(32);
  }

  @Test
  @DisplayName("settings say what is wrong, without secrets")
  void settings() {
    use(new Credentials.StaticToken(Secret.of("token")));
    TestSettings settings = new TestSettings();
    assertThatThrownBy(() -> settings.at(URI.create("https://user:pw@host/v1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("pw");
    settings.maxResponseBytes = 0;
    assertThatThrownBy(() -> settings.at(api.url())).hasMessageContaining("maxResponseBytes");
    settings.maxResponseBytes = 1024;
    settings.maxRequestsPerSecond = OptionalDouble.of(0);
    assertThatThrownBy(() -> settings.at(api.url())).hasMessageContaining("maxRequestsPerSecond");
    settings.maxConcurrency = 0;
    assertThatThrownBy(() -> settings.at(api.url())).hasMessageContaining("maxConcurrency");
    assertThatThrownBy(() -> Secret.of(" ")).hasMessageContaining("blank");
    assertThatThrownBy(() -> Secret.of("a\nb")).hasMessageNotContaining("a\nb");
    assertThat(Secret.of("token")).hasToString("***");
  }
}
