package io.offboarder.protection;

import io.offboarder.protection.ProtectedListReader.BrokenListException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that the protected list is kept in. {@link #refresh} takes in what was changed; a file
 * that is broken, or gone, leaves the last good list in force, and one line says so. The list and
 * the problem may be read from any thread; {@link #refresh} blocks and is for one thread at a time.
 */
public final class ProtectedFile {
  private static final Logger LOG = LoggerFactory.getLogger(ProtectedFile.class);
  private static final int MAX_BYTES = 1 << 20;

  private final Path file;
  private volatile State state;

  /** What the last look saw, to be taken when the next look sees the same. */
  private byte @Nullable [] seen;

  private byte @Nullable [] taken;

  /**
   * What is in force.
   *
   * @param problem why the file is not; null where it is
   */
  private record State(ProtectedList list, @Nullable String problem) {}

  private ProtectedFile(Path file, ProtectedList list, byte[] content) {
    this.file = file;
    this.state = new State(list, null);
    this.taken = content;
    this.seen = content;
  }

  /**
   * Opens a file. Blocks.
   *
   * @throws IllegalArgumentException saying what is wrong with it
   */
  public static ProtectedFile open(Path file) {
    try {
      byte[] content = content(file);
      ProtectedList list = ProtectedListReader.read(content);
      LOG.info("protected by {}: {}", file, list);
      return new ProtectedFile(file, list, content);
    } catch (BrokenListException e) {
      throw new IllegalArgumentException("the protected file " + file + " " + e.getMessage(), e);
    }
  }

  /** What is wrong with a file, in words that follow its name; empty if nothing is. Blocks. */
  public static Optional<String> fault(Path file) {
    try {
      ProtectedListReader.read(content(file));
      return Optional.empty();
    } catch (BrokenListException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] content(Path file) throws BrokenListException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(MAX_BYTES + 1);
      if (content.length > MAX_BYTES) {
        throw new BrokenListException("is larger than 1 MiB");
      }
      return content;
    } catch (IOException e) {
      throw new BrokenListException(
          Files.exists(file) ? "cannot be read by this process" : "does not exist");
    }
  }

  /** The list in force. */
  public ProtectedList list() {
    return state.list();
  }

  /** Why the file as it is now is not in force; null where it is. */
  public @Nullable String problem() {
    return state.problem();
  }

  /**
   * Looks at the file. A change is taken in by the second look that sees it as it is, because a
   * file that is written in place may be complete YAML before it is complete.
   */
  public void refresh() {
    try {
      byte[] content = content(file);
      if (Arrays.equals(content, taken)) {
        seen = content;
        healed(state.list());
      } else if (Arrays.equals(content, seen)) {
        ProtectedList list = ProtectedListReader.read(content);
        taken = content;
        LOG.info("the protected file {} has changed: {}", file, list);
        healed(list);
      } else {
        seen = content;
      }
    } catch (BrokenListException e) {
      broken(String.valueOf(e.getMessage()));
    }
  }

  private void healed(ProtectedList list) {
    if (state.problem() != null) {
      LOG.info("the protected file {} can be read again and is in force: {}", file, list);
    }
    state = new State(list, null);
  }

  private void broken(String problem) {
    if (!problem.equals(state.problem())) {
      LOG.error(
          "the protected file {} {}; the last good list stays in force: {}",
          file,
          problem,
          state.list());
    }
    state = new State(state.list(), problem);
  }
}
