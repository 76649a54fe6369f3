package io.offboarder.cli;

import io.offboarder.config.HttpConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks a running service at its management port. Thread-safe. */
final class ManagementClient {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");

  /** More than a service has to say; another server may have no end. */
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private final HttpClient http;
  private final Duration timeout;
  private final @Nullable String token;

  /**
   * A client that trusts whom the system trusts, and shows no token.
   *
   * @param timeout how long an answer may take
   */
  ManagementClient(Duration timeout) {
    this(HttpClient.newBuilder(), timeout, null);
  }

  private ManagementClient(HttpClient.Builder http, Duration timeout, @Nullable String token) {
    this.timeout = timeout;
    this.token = token;
    this.http = http.connectTimeout(timeout).build();
  }

  /** A client for a service of these settings: with its token, and trusting its certificate. */
  static ManagementClient of(HttpConfig config, Duration timeout) {
    return new ManagementClient(
        trusting(config), timeout, SettingsMapper.token(config).orElse(null));
  }

  /** A client that trusts the certificate that these settings name, if any, and shows no token. */
  static ManagementClient withoutToken(HttpConfig config, Duration timeout) {
    return new ManagementClient(trusting(config), timeout, null);
  }

  private static HttpClient.Builder trusting(HttpConfig config) {
    HttpClient.Builder http = HttpClient.newBuilder();
    if (config.tlsCertificateFile().isPresent()) {
      try {
        http.sslContext(PinnedCertificate.context(config.tlsCertificateFile().get()));
      } catch (IOException e) {
        throw new CommandFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
      }
    }
    return http;
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
      HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(timeout);
      if (token != null) {
        request.header("Authorization", "Bearer " + token);
      }
      HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        byte[] content = body.readNBytes(MAX_ANSWER_BYTES);
        return new Reply(answer.statusCode(), new String(content, StandardCharsets.UTF_8));
      }
    } catch (HttpTimeoutException e) {
      throw (IOException) new SocketTimeoutException("no answer in time").initCause(e);
    }
  }

  /** Where a service of these settings is asked; one that listens everywhere is asked here. */
  static String address(HttpConfig config) {
    return address(config, EVERYWHERE.contains(config.host()) ? "127.0.0.1" : config.host());
  }

  /** Where a service of these settings is asked that runs on another host. */
  static String address(HttpConfig config, String host) {
    String scheme = config.tlsCertificateFile().isPresent() ? "https" : "http";
    return scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + config.port();
  }
}
