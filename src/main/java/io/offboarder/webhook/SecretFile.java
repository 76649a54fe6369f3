package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A secret that a sender shares with us, in a file that may be replaced. Never shows it.
 * Thread-safe.
 */
public final class SecretFile {
  private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);
  private static final int MAX_BYTES = 64 << 10;

  /** Shorter ones can be guessed. */
  private static final int FEWEST_CHARACTERS = 8;

  private final Path file;
  private volatile byte[] secret;
  private volatile boolean isBroken;

  private SecretFile(Path file, byte[] secret) {
    this.file = file;
    this.secret = secret;
  }

  /**
   * Reads one. Blocks.
   *
   * @throws IOException with words that follow the file's name, and show nothing of its content
   */
  public static SecretFile open(Path file) throws IOException {
    return new SecretFile(file, read(file));
  }

  private static byte[] read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException("is no file that this process may read");
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new IOException("is larger than " + MAX_BYTES + " bytes");
    }
    String text = new String(Files.readAllBytes(file), UTF_8).strip();
    if (text.length() < FEWEST_CHARACTERS
        || !text.chars().allMatch(each -> each > ' ' && each < 0x7f)) {
      throw new IOException(
          "holds no secret: expected "
              + FEWEST_CHARACTERS
              + " visible ASCII characters or more, and nothing else");
    }
    return text.getBytes(UTF_8);
  }

  /** The secret as it was read last; not to be changed. */
  byte[] value() {
    return secret;
  }

  /** Reads the file again; where that fails, the earlier secret stays. Blocks. */
  void refresh() {
    try {
      secret = read(file);
      isBroken = false;
    } catch (IOException e) {
      if (!isBroken) {
        isBroken = true;
        LOG.error("the file {} {}; the secret that was read before stays", file, e.getMessage());
      }
    }
  }

  /** The file; its content is masked. */
  @Override
  public String toString() {
    return "*** (file " + file + ")";
  }
}
