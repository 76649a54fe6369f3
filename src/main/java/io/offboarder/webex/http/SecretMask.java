package io.offboarder.webex.http;

import io.offboarder.text.Printable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes secrets out of texts that come from outside: some gateways repeat a request's headers in
 * their error page, whole, in part, broken over lines or encoded.
 *
 * <p>A text is compared with each secret in windows of {@value #WINDOW} characters, so that a
 * fragment of that length or more is found wherever a secret was cut. White space and what is
 * invisible do not count, nor does the case of letters, and a character that is percent-encoded,
 * once or twice, or escaped as in JSON counts as what it stands for. Base64 is looked for in its
 * three alignments and both alphabets, and hexadecimal digits. Immutable; holds fragments of
 * secrets, so it is never shown.
 */
public final class SecretMask {

  private static final String MASK = "***";
  private static final int WINDOW = 8;

  /** Enough for all that is ever shown of a text; what comes after it is dropped unread. */
  private static final int LONGEST_TEXT = 10_000;

  private final Set<String> fragments = new HashSet<>();

  /** How long fragments are: the window, and shorter secrets as a whole. */
  private final Set<Integer> lengths = new HashSet<>();

  /**
   * A mask for these secrets.
   *
   * @param secrets blank ones are passed over
   */
  public SecretMask(Collection<String> secrets) {
    for (String secret : secrets) {
      if (!secret.isBlank()) {
        addWindows(secret, Math.min(WINDOW, secret.length()));
        addBase64(secret);
        addHexadecimal(secret);
      }
    }
  }

  private void addWindows(String text, int length) {
    lengths.add(length);
    for (int i = 0; i + length <= text.length(); i++) {
      fragments.add(text.substring(i, i + length).toLowerCase(Locale.ROOT));
    }
  }

  /** Two digits a byte. */
  private void addHexadecimal(String secret) {
    String digits = HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8));
    if (digits.length() >= 2 * WINDOW) {
      addWindows(digits, 2 * WINDOW);
    }
  }

  private void addBase64(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < 3; before++) {
      byte[] shifted = new byte[before + bytes.length];
      System.arraycopy(bytes, 0, shifted, before, bytes.length);
      // The first characters also hold bits of what stands before the secret, the last of what
      // follows it.
      int first = (before * 8 + 5) / 6;
      int end = shifted.length * 8 / 6;
      if (end - first >= WINDOW) {
        addWindows(Base64.getEncoder().encodeToString(shifted).substring(first, end), WINDOW);
        addWindows(Base64.getUrlEncoder().encodeToString(shifted).substring(first, end), WINDOW);
      }
    }
  }

  /**
   * The text with every fragment of a secret masked; its first {@value #LONGEST_TEXT} characters.
   */
  public String mask(String original) {
    String text =
        original.length() <= LONGEST_TEXT ? original : original.substring(0, LONGEST_TEXT);
    if (fragments.isEmpty()) {
      return text;
    }
    for (Escapes escapes : Escapes.values()) {
      text = mask(text, Compact.of(text, escapes));
    }
    return text;
  }

  private String mask(String text, Compact compact) {
    String characters = compact.characters();
    boolean[] secret = new boolean[characters.length()];
    boolean any = false;
    for (int i = 0; i < secret.length; i++) {
      for (int length : lengths) {
        int end = i + length;
        if (end <= secret.length && fragments.contains(characters.substring(i, end))) {
          Arrays.fill(secret, i, end, true);
          any = true;
        }
      }
    }
    return any ? compact.masked(text, secret) : text;
  }

  /** How an escaped character is read, such as {@code %2D} and {@code \\u002d}. */
  private enum Escapes {
    LITERAL,
    DECODED,
    /** As {@code %252D} is read. */
    DECODED_TWICE
  }

  /** Says nothing of what it holds. */
  @Override
  public String toString() {
    return "SecretMask[***]";
  }

  /**
   * A text without white space and what is invisible.
   *
   * @param starts where each character begins in the text
   * @param ends where each character ends in the text
   */
  @SuppressWarnings("ArrayRecordComponent") // Lives for one call.
  private record Compact(String characters, int[] starts, int[] ends) {

    static Compact of(String text, Escapes escapes) {
      StringBuilder characters = new StringBuilder(text.length());
      int[] starts = new int[text.length()];
      int[] ends = new int[text.length()];
      for (int i = 0; i < text.length(); ) {
        int digits = i + prefix(text, i, escapes).length();
        int octet = digits > i ? octet(text, digits) : -1;
        int end = octet < 0 ? i + 1 : digits + 2;
        char character = octet < 0 ? text.charAt(i) : (char) octet;
        if (isVisible(character)) {
          starts[characters.length()] = i;
          ends[characters.length()] = end;
          characters.append(Character.toLowerCase(character));
        }
        i = end;
      }
      return new Compact(characters.toString(), starts, ends);
    }

    /** What begins an escaped character here, before its two digits; empty where nothing does. */
    private static String prefix(String text, int at, Escapes escapes) {
      List<String> prefixes =
          switch (escapes) {
            case LITERAL -> List.of();
            case DECODED -> List.of("%", "\\u00");
            case DECODED_TWICE -> List.of("%25");
          };
      return prefixes.stream().filter(one -> text.startsWith(one, at)).findFirst().orElse("");
    }

    private static boolean isVisible(char character) {
      return !Character.isWhitespace(character)
          && !Character.isSpaceChar(character)
          && Printable.isPrintable(character);
    }

    /** The value of two hexadecimal digits; -1 where there are none. */
    private static int octet(String text, int at) {
      if (at + 2 > text.length()) {
        return -1;
      }
      int high = Character.digit(text.charAt(at), 16);
      int low = Character.digit(text.charAt(at + 1), 16);
      return high < 0 || low < 0 ? -1 : high * 16 + low;
    }

    String masked(String text, boolean[] secret) {
      StringBuilder masked = new StringBuilder(text.length());
      int copied = 0;
      for (int i = 0; i < secret.length; i++) {
        if (secret[i]) {
          int last = i;
          while (last + 1 < secret.length && secret[last + 1]) {
            last++;
          }
          masked.append(text, copied, starts[i]).append(MASK);
          copied = ends[last];
          i = last;
        }
      }
      return masked.append(text, copied, text.length()).toString();
    }
  }
}
