package io.offboarder.registry;

import io.offboarder.webex.http.HttpSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where schemas are, and who asks for them.
 *
 * @param http how the registry is reached; its base URL is the one below which {@code /schemas/ids}
 *     is
 * @param access who asks
 */
public record RegistrySettings(HttpSettings http, Access access) {
  /** The largest answer that is read: longer than any schema that people write. */
  public static final int MOST_ANSWER_BYTES = 1 << 20;

  /** Who asks. */
  public sealed interface Access {}

  /** Everybody may. */
  public record Open() implements Access {}

  /** Somebody with a name and a password. */
  public record User(String name, Credential password) implements Access {}

  /** Somebody with a token. */
  public record Token(Credential token) implements Access {}

  /**
   * A secret in place, or the file that holds it, which is read for each request.
   *
   * @param value null where a file holds it
   * @param file null where it is given in place
   */
  public record Credential(@Nullable String value, @Nullable Path file) {

    /** Masked; a file's path is no secret. */
    @Override
    public String toString() {
      return file == null ? "***" : "*** (file " + file + ")";
    }
  }
}
