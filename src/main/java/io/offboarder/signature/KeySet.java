package io.offboarder.signature;

import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of one sender, as a JWK set (RFC 7517).
 *
 * @param source the {@code source} of the events that these keys may sign; {@code *} for any event,
 *     one without a source included
 * @param location a {@code file:} or {@code https:} URL
 */
public record KeySet(String source, URL location) {
  private static final String ANY = "*";

  /**
   * Reads {@code SOURCE=FILE} or {@code SOURCE=https://…}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static KeySet parse(String text) {
    int equals = text.indexOf('=');
    String source = equals < 0 ? "" : text.substring(0, equals).strip();
    String location = text.substring(equals + 1).strip();
    if (source.isEmpty() || location.isEmpty()) {
      throw new IllegalArgumentException("expected SOURCE=LOCATION");
    }
    return new KeySet(source, url(location));
  }

  private static URL url(String location) {
    try {
      if (!location.contains("://")) {
        return Path.of(location).toAbsolutePath().toUri().toURL();
      }
      URI uri = URI.create(location);
      if (!"https".equalsIgnoreCase(uri.getScheme())
          || uri.getHost() == null
          || uri.getRawUserInfo() != null) {
        throw new IllegalArgumentException("expected a file or an https URL");
      }
      return uri.toURL();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("expected a file or an https URL", e);
    }
  }

  boolean isFile() {
    return location.getProtocol().equals("file");
  }

  /** Whether these keys may sign an event of this source. */
  boolean maySign(@Nullable String eventSource) {
    return source.equals(ANY) || source.equals(eventSource);
  }
}
