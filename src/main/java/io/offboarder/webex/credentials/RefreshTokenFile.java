package io.offboarder.webex.credentials;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Keeps the newest refresh token where the next start finds it, for an API that replaces it with
 * each renewal. The first line of the file tells by a hash which configured token the kept one came
 * from, so that a new configured token takes the place of a kept one. All methods block.
 */
public final class RefreshTokenFile {

  private final Path file;

  /** A file that need not exist yet; its directory must. */
  public RefreshTokenFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /**
   * The newest token that came from the configured one; that one itself where none is kept.
   *
   * @throws IOException if there is a file and it cannot be read; never names its content
   */
  String newest(String configured) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      return configured;
    }
    boolean kept =
        lines.size() == 2
            && lines.get(0).equals(hash(configured))
            && Secret.isWellFormed(lines.get(1));
    return kept ? lines.get(1) : configured;
  }

  /** Puts a token in the place of the one that was kept, as a whole and for this user alone. */
  void keep(String configured, String newest) throws IOException {
    Path directory = file.getParent();
    Path whole = Files.createTempFile(directory, ".refresh-token", null, forThisUser());
    try {
      String content = hash(configured) + "\n" + newest + "\n";
      Files.writeString(whole, content, StandardCharsets.ISO_8859_1, StandardOpenOption.SYNC);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(whole);
    }
  }

  private static FileAttribute<?>[] forThisUser() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static String hash(String secret) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Where it is. */
  @Override
  public String toString() {
    return file.toString();
  }
}
