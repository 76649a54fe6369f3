package io.offboarder.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Inputs that nobody means well by: the files of a corpus as they are, and as many seeded mutations
 * of each as the property {@code offboarder.fuzz.mutations} says.
 */
public final class HostileInputs {
  private static final Path CORPORA = Path.of("src/test/resources/hostile");
  private static final int MUTATIONS = Integer.getInteger("offboarder.fuzz.mutations", 200);
  private static final int SEED = Integer.getInteger("offboarder.fuzz.seed", 7);

  /** What breaks readers more often than chance does. */
  private static final List<byte[]> TOKENS =
      Stream.of(
              "{",
              "[",
              "}",
              "\"",
              "\\ud800",
              "\u001b[2J",
              "\u202e",
              "%2e%2e",
              "null",
              "1e999",
              ": ")
          .map(token -> token.getBytes(StandardCharsets.UTF_8))
          .toList();

  private HostileInputs() {}

  /** All inputs made of the corpus of that name, in the same order each time. */
  public static Stream<byte[]> of(String corpus) {
    List<byte[]> seeds = read(CORPORA.resolve(corpus));
    if (seeds.isEmpty()) {
      throw new IllegalStateException("the corpus " + corpus + " is empty");
    }
    Random random = new Random(SEED);
    return seeds.stream()
        .flatMap(
            seed ->
                Stream.concat(
                    Stream.of(seed),
                    Stream.generate(() -> mutated(seed, seeds, random)).limit(MUTATIONS)));
  }

  private static List<byte[]> read(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().map(HostileInputs::bytes).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] mutated(byte[] seed, List<byte[]> seeds, Random random) {
    byte[] input = seed;
    for (int steps = 1 + random.nextInt(4); steps > 0; steps--) {
      input = step(input, seeds, random);
    }
    return input;
  }

  private static byte[] step(byte[] input, List<byte[]> seeds, Random random) {
    int at = random.nextInt(input.length + 1);
    return switch (random.nextInt(5)) {
      case 0 -> Arrays.copyOf(input, at);
      case 1 -> flipped(input, random);
      case 2 -> joined(input, at, TOKENS.get(random.nextInt(TOKENS.size())), at);
      case 3 -> joined(input, at, new byte[0], Math.min(input.length, at + 1 + random.nextInt(8)));
      default -> joined(input, at, part(seeds.get(random.nextInt(seeds.size())), random), at);
    };
  }

  private static byte[] flipped(byte[] input, Random random) {
    byte[] flipped = input.clone();
    if (flipped.length > 0) {
      flipped[random.nextInt(flipped.length)] = (byte) random.nextInt(256);
    }
    return flipped;
  }

  private static byte[] part(byte[] other, Random random) {
    int from = random.nextInt(other.length + 1);
    return Arrays.copyOfRange(other, from, Math.min(other.length, from + 64));
  }

  /** What stands before a place, something in between, and what stands after another place. */
  private static byte[] joined(byte[] input, int until, byte[] between, int from) {
    byte[] joined = Arrays.copyOf(input, until + between.length + input.length - from);
    System.arraycopy(between, 0, joined, until, between.length);
    System.arraycopy(input, from, joined, until + between.length, input.length - from);
    return joined;
  }
}
