package io.offboarder.cli;

import io.offboarder.config.HttpConfig;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Set;

/** Asks a running service at its management port. Thread-safe. */
final class ManagementClient {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");

  private final HttpClient http;
  private final Duration timeout;

  /**
   * A client.
   *
   * @param timeout how long an answer may take
   */
  ManagementClient(Duration timeout) {
    this.timeout = timeout;
    this.http = HttpClient.newBuilder().connectTimeout(timeout).build();
  }

  /** An answer. */
  record Reply(int status, String body) {}

  /**
   * Asks once.
   *
   * @throws IOException if no HTTP answer came; a {@link SocketTimeoutException} if none in time
   */
  Reply get(URI url) throws IOException, InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(HttpRequest.newBuilder(url).timeout(timeout).build(), BodyHandlers.ofString());
      return new Reply(answer.statusCode(), answer.body());
    } catch (HttpTimeoutException e) {
      throw (IOException) new SocketTimeoutException("no answer in time").initCause(e);
    }
  }

  /** Where a service of these settings is asked; one that listens everywhere is asked here. */
  static String address(HttpConfig config) {
    return address(EVERYWHERE.contains(config.host()) ? "127.0.0.1" : config.host(), config.port());
  }

  /** The base URL of a host and a port. */
  static String address(String host, int port) {
    return "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
