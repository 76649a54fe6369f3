package io.offboarder.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.registry.RegistrySettings.Access;
import io.offboarder.registry.RegistrySettings.Credential;
import io.offboarder.registry.RegistrySettings.Open;
import io.offboarder.registry.RegistrySettings.Token;
import io.offboarder.registry.RegistrySettings.User;
import io.offboarder.registry.SchemaRegistry.AsJson;
import io.offboarder.testing.Certificate;
import io.offboarder.testing.ConnectProxy;
import io.offboarder.webex.http.HttpSettings;
import io.offboarder.webex.http.HttpSettings.Network;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A schema registry behind TLS")
class SchemaRegistryTest {
  private static final int ENOUGH = 10_000;

  /** Five bytes, and Avro's "hi". */
  private static final byte[] RECORD = {0, 0, 0, 0, 7, 4, 'h', 'i'};

  @TempDir Path directory;

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicBoolean isUp = new AtomicBoolean(true);
  private volatile String schema = "\"string\"";
  private Vertx vertx;
  private Certificate certificate;
  private HttpServer server;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    certificate = Certificate.of(directory, "registry.example");
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                        new PfxOptions()
                            .setPath(certificate.keyStore().toString())
                            .setPassword(Certificate.PASSWORD)))
            .requestHandler(this::answer);
    server.listen(0, "127.0.0.1").await();
  }

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  private void answer(HttpServerRequest request) {
    asked.add(request.path() + " " + request.getHeader("Authorization"));
    if (isUp.get()) {
      request.response().end(new JsonObject().put("schema", schema).encode());
    } else {
      request.response().setStatusCode(503).end("<html>later</html>");
    }
  }

  private SchemaRegistry registry(Access access, Network network) {
    return new SchemaRegistry(
        vertx,
        new RegistrySettings(
            new HttpSettings(
                URI.create("https://registry.example"), Timeouts.defaults(), ENOUGH, network),
            access));
  }

  /** The proxy leads to the server, whatever host it is asked for. */
  private Network throughProxy(Path trusted) {
    return new Network(trusted, ConnectProxy.start(vertx, server.actualPort()).url());
  }

  private CompletableFuture<Void> ask(SchemaRegistry registry, AtomicBoolean wanted) {
    CompletableFuture<Void> known = new CompletableFuture<>();
    vertx.runOnContext(
        now ->
            registry
                .await(7, wanted::get)
                .onSuccess(known::complete)
                .onFailure(known::completeExceptionally));
    return known;
  }

  private static void within(CompletableFuture<Void> known) throws Exception {
    known.get(20, TimeUnit.SECONDS);
  }

  @Test
  @DisplayName(
      "is asked through a proxy, where its certificate is trusted, with a password of a file")
  void user() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "first\n");
    SchemaRegistry registry =
        registry(
            new User("reader", new Credential(null, password)), throughProxy(certificate.pem()));

    within(ask(registry, new AtomicBoolean(true)));

    assertThat(registry.read(RECORD)).isInstanceOf(AsJson.class);
    assertThat(((AsJson) registry.read(RECORD)).value()).asString().isEqualTo("\"hi\"");
    assertThat(asked).containsExactly("/schemas/ids/7 Basic cmVhZGVyOmZpcnN0");
  }

  @Test
  @DisplayName("is asked with the token that its file holds now")
  void token() throws Exception {
    Path token = Files.writeString(directory.resolve("token"), "old");
    isUp.set(false);
    SchemaRegistry registry =
        registry(new Token(new Credential(null, token)), throughProxy(certificate.pem()));
    CompletableFuture<Void> known = ask(registry, new AtomicBoolean(true));
    await().atMost(Duration.ofSeconds(20)).until(() -> !asked.isEmpty());
    Files.writeString(token, "new");
    isUp.set(true);

    within(known);

    assertThat(asked).first().isEqualTo("/schemas/ids/7 Bearer old");
    assertThat(asked).last().isEqualTo("/schemas/ids/7 Bearer new");
  }

  @Test
  @DisplayName("is not asked where nobody vouches for its certificate: records wait")
  void distrusted() throws IOException {
    Certificate other = Certificate.of(directory, "other.example");
    SchemaRegistry registry = registry(new Open(), throughProxy(other.pem()));

    assertWaits(registry);

    assertThat(asked).isEmpty();
  }

  @Test
  @DisplayName("whose answer is too large is waited for, and not read")
  void tooLarge() throws Exception {
    schema = "\"" + "x".repeat(ENOUGH) + "\"";
    SchemaRegistry registry = registry(new Open(), throughProxy(certificate.pem()));

    AtomicBoolean wanted = assertWaits(registry);

    schema = "\"string\"";
    await().atMost(Duration.ofSeconds(30)).until(() -> !registry.isAwaited());
    assertThat(registry.read(RECORD)).isInstanceOf(AsJson.class);
    assertThat(wanted).isTrue();
  }

  @Test
  @DisplayName("that is away is awaited for as long as somebody needs it")
  void away() {
    isUp.set(false);
    SchemaRegistry registry = registry(new Open(), throughProxy(certificate.pem()));

    AtomicBoolean wanted = assertWaits(registry);
    wanted.set(false);

    await().atMost(Duration.ofSeconds(30)).until(() -> !registry.isAwaited());
  }

  private AtomicBoolean assertWaits(SchemaRegistry registry) {
    AtomicBoolean wanted = new AtomicBoolean(true);
    CompletableFuture<Void> known = ask(registry, wanted);
    await().atMost(Duration.ofSeconds(20)).until(registry::isAwaited);
    assertThat(known).isNotDone();
    return wanted;
  }
}
