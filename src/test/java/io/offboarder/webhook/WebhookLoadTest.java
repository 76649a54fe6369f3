package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offboarder.testing.EmbeddedBroker;
import io.offboarder.webhook.WebhookSettings.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A push over HTTPS, where others are slow or many")
class WebhookLoadTest extends WebhookFixture {
  WebhookLoadTest() {
    super(EmbeddedBroker.shared());
  }

  @Test
  @DisplayName("gets an answer while others hold connections and send a byte now and then")
  void slow() throws Exception {
    List<SSLSocket> held = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      SSLSocket socket = door.connect();
      socket.getOutputStream().write("POST /okta HTTP/1.1\r\nHost: x\r\nX-".getBytes(UTF_8));
      held.add(socket);
    }

    assertThat(door.post("/okta", BODY, "Authorization", SECRET).statusCode()).isEqualTo(200);

    for (SSLSocket socket : held) {
      await().atMost(Duration.ofSeconds(10)).until(() -> isClosedAfterOneMoreByte(socket));
      socket.close();
    }
  }

  @Test
  @DisplayName("whose body takes too long ends its connection")
  void slowBody() throws Exception {
    try (SSLSocket socket = door.connect()) {
      socket
          .getOutputStream()
          .write(
              ("POST /okta HTTP/1.1\r\nHost: x\r\nAuthorization: "
                      + SECRET
                      + "\r\nContent-Length: 5000\r\n\r\n")
                  .getBytes(UTF_8));

      await().atMost(Duration.ofSeconds(10)).until(() -> isClosedAfterOneMoreByte(socket));
    }
    assertThat(published()).isEmpty();
  }

  /** Whether nobody reads any more what comes on a connection. */
  private static boolean isClosedAfterOneMoreByte(SSLSocket socket) throws IOException {
    try {
      OutputStream out = socket.getOutputStream();
      out.write('x');
      out.flush();
      socket.setSoTimeout(100);
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  @DisplayName(
      "is told to come later where a known sender sends too many; forged ones do not count")
  void tooMany() throws Exception {
    door.close();
    door = door(new Limits(10_000, 64, 32, 2, Duration.ofSeconds(2), Duration.ofSeconds(3)));
    for (int i = 0; i < 5; i++) {
      assertThat(door.post("/okta", BODY, "Authorization", "forged").statusCode()).isEqualTo(401);
    }
    List<HttpResponse<String>> answers = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      answers.add(door.post("/okta", BODY, "Authorization", SECRET));
    }

    assertThat(answers.get(0).statusCode()).isEqualTo(200);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() == 429)
        .isNotEmpty()
        .allSatisfy(answer -> assertThat(answer.headers().firstValue("Retry-After")).contains("1"));
    assertThat(published())
        .hasSize((int) answers.stream().filter(it -> it.statusCode() == 200).count());
  }

  @Test
  @DisplayName("is taken while strangers send as many others as are worked on, slowly")
  void slowStrangers() throws Exception {
    door.close();
    door = door(new Limits(10_000, 4, 64, 100, Duration.ofSeconds(20), Duration.ofSeconds(6)));
    List<SSLSocket> held = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SSLSocket socket = door.connect();
      socket
          .getOutputStream()
          .write(
              "POST /gusto HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nx".getBytes(UTF_8));
      held.add(socket);
    }

    for (int i = 0; i < 10; i++) {
      assertThat(door.post("/okta", BODY, "Authorization", SECRET).statusCode()).isEqualTo(200);
    }

    for (SSLSocket socket : held) {
      socket.close();
    }
  }
}
