package io.offboarder.webex.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.offboarder.testing.Certificate;
import io.offboarder.testing.ConnectProxy;
import io.offboarder.webex.http.HttpSettings.Network;
import io.offboarder.webex.http.HttpSettings.Timeouts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A request over TLS, to a server whose certificate is for api.example,")
class SecuredTransportTest {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  @TempDir static Path directory;

  private static Certificate ours;
  private static Certificate another;
  private static Path bundle;
  private static Vertx vertx;
  private static HttpServer server;
  private static ConnectProxy proxy;
  private static final List<String> SEEN = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    ours = Certificate.of(directory, "api.example");
    another = Certificate.of(directory, "localhost");
    bundle = directory.resolve("bundle.pem");
    Files.writeString(
        bundle, "# two of them\n" + Files.readString(another.pem()) + Files.readString(ours.pem()));
    vertx = Vertx.vertx();
    server =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(
                        new PfxOptions()
                            .setPath(ours.keyStore().toString())
                            .setPassword(Certificate.PASSWORD)))
            .requestHandler(
                request -> {
                  SEEN.add(request.version() + " " + request.authority() + " " + request.uri());
                  request.response().end("{}");
                });
    server.listen(0, "127.0.0.1").await();
    proxy = ConnectProxy.start(vertx, server.actualPort());
  }

  @AfterAll
  static void stop() {
    vertx.close().await();
  }

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  @Test
  @DisplayName("goes through a proxy's CONNECT, by HTTP/2, where the bundle has the certificate")
  void trusted() {
    assertThat(ask("api.example", 443, new Network(bundle, proxy.url()))).isEqualTo("answered 200");
    assertThat(proxy.asked()).last().isEqualTo("CONNECT api.example:443 HTTP/1.1");
    assertThat(SEEN).containsExactly("HTTP_2 api.example /v1/authorizations/tokenExpiry");
  }

  @Test
  @DisplayName("is not sent where the certificate is another host's, though it is trusted")
  void wrongHost() {
    assertThat(ask("localhost", server.actualPort(), new Network(bundle, null)))
        .startsWith("its certificate is not trusted: ")
        .contains("matching localhost found");
    assertThat(ask("login.example", 443, new Network(bundle, proxy.url())))
        .startsWith("its certificate is not trusted: ")
        .contains("matching login.example found");
    assertThat(SEEN).isEmpty();
  }

  @Test
  @DisplayName("is not sent where nobody vouches for the certificate: by the bundle, by the system")
  void unknownAuthority() {
    String refused =
        "its certificate is not trusted: unable to find valid certification path to requested"
            + " target";
    assertThat(ask("api.example", 443, new Network(another.pem(), proxy.url()))).isEqualTo(refused);
    assertThat(ask("api.example", 443, new Network(null, proxy.url()))).isEqualTo(refused);
    assertThat(SEEN).isEmpty();
  }

  @Test
  @DisplayName("says which proxy refuses or is away")
  void badProxy() {
    URI refusing = ConnectProxy.start(vertx, 0).url();
    assertThat(ask("api.example", 443, new Network(bundle, refusing)))
        .startsWith("by the proxy " + refusing + ": ")
        .contains("403 Forbidden");
    assertThat(ask("api.example", 443, new Network(bundle, NOWHERE)))
        .startsWith("by the proxy " + NOWHERE + ": Connection refused");
  }

  /** What came of one request, in the words that an operator would see. */
  private static String ask(String host, int port, Network network) {
    URI url = URI.create("https://" + host + ":" + port + "/v1");
    HttpSettings settings = new HttpSettings(url, Timeouts.defaults(), 100_000, network);
    HttpTransport transport = new HttpTransport(vertx, settings, 64);
    try {
      return transport
          .send(ApiRequest.tokenExpiry(), "t1", "token", () -> true)
          .map(response -> "answered " + response.status())
          .recover(e -> Future.succeededFuture(ErrorMessage.reason(e)))
          .await();
    } finally {
      transport.close().await();
    }
  }
}
