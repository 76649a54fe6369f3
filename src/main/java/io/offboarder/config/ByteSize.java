package io.offboarder.config;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory.
 *
 * @param bytes at least 1
 */
public record ByteSize(long bytes) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*([a-zA-Z]*)");
  private static final Map<String, Long> UNITS =
      Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);

  /**
   * Reads {@code 67108864}, {@code 64MiB}, {@code 512 KiB} or {@code 1GiB}.
   *
   * @throws IllegalArgumentException if it is none of these, or nothing
   */
  static ByteSize parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new IllegalArgumentException("not a size");
    }
    long bytes = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
    if (bytes < 1) {
      throw new IllegalArgumentException("nothing");
    }
    return new ByteSize(bytes);
  }
}
