package io.offboarder.webex.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A credential: its value, or the file that holds it. Never shows its value; only this package
 * reads it.
 */
public final class Secret {

  /** Tokens are a few hundred characters; a file of more than this is not one. */
  private static final long MAX_FILE_BYTES = 64 * 1024;

  private final @Nullable String value;
  private final @Nullable Path file;

  private Secret(@Nullable String value, @Nullable Path file) {
    this.value = value;
    this.file = file;
  }

  /**
   * A secret given in place.
   *
   * @throws IllegalArgumentException if it is blank or could not stand in an HTTP header
   */
  public static Secret of(String value) {
    String stripped = value.strip();
    String fault = fault(stripped);
    if (fault != null) {
      throw new IllegalArgumentException("a secret " + fault);
    }
    return new Secret(stripped, null);
  }

  /**
   * A secret in a mounted file, which is read when it is needed and again while in use, so that
   * replacing the file replaces the secret. White space around it (the usual last newline) is cut.
   */
  public static Secret fromFile(Path file) {
    return new Secret(null, file);
  }

  /**
   * The value as it is now. Blocks on a file.
   *
   * @throws IOException if the file cannot be read or holds no secret; never names its content
   */
  String read() throws IOException {
    if (file == null) {
      return java.util.Objects.requireNonNull(value);
    }
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw new IOException(file + " is larger than " + MAX_FILE_BYTES + " bytes");
    }
    String content = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
    String stripped = content.strip();
    String fault = fault(stripped);
    if (fault != null) {
      throw new IOException(file + " " + fault);
    }
    return stripped;
  }

  private static @Nullable String fault(String secret) {
    if (secret.isEmpty()) {
      return "is blank";
    }
    return isWellFormed(secret) ? null : "holds characters other than visible ASCII";
  }

  /** Whether a text can be a secret: visible ASCII, which is safe in a header, and not empty. */
  public static boolean isWellFormed(String secret) {
    return !secret.isEmpty() && secret.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }

  /** Masked; a file's path is no secret. */
  @Override
  public String toString() {
    return file == null ? "***" : "*** (file " + file + ")";
  }
}
