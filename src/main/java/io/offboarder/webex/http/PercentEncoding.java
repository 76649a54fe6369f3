package io.offboarder.webex.http;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * RFC 3986 percent-encoding of one value: everything but the unreserved characters, as UTF-8, so
 * that no value can add a path segment, a parameter or a fragment. Serves path segments, query
 * values and form values alike.
 *
 * <p>Two kinds of value cannot be made safe by encoding and are refused instead. {@code .} and
 * {@code ..} are dot segments however they are written (WHATWG URL treats {@code %2e} as a dot),
 * and a proxy that resolves them turns {@code DELETE /authorizations/..} into something else. And
 * text with half a surrogate pair has no UTF-8 form; a replacement character would name another
 * thing.
 */
public final class PercentEncoding {

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  private static final boolean[] IS_UNRESERVED = new boolean[128];
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  static {
    UNRESERVED.chars().forEach(c -> IS_UNRESERVED[c] = true);
  }

  private PercentEncoding() {}

  public static boolean isUsable(String value) {
    return !value.isBlank()
        && !value.equals(".")
        && !value.equals("..")
        && (isUnreserved(value) || StandardCharsets.UTF_8.newEncoder().canEncode(value));
  }

  /** Most identifiers need no encoding. */
  private static boolean isUnreserved(String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) >= IS_UNRESERVED.length || !IS_UNRESERVED[value.charAt(i)]) {
        return false;
      }
    }
    return true;
  }

  /** Encodes what {@link #isUsable} lets through. */
  static String encode(String value) {
    if (isUnreserved(value)) {
      return value;
    }
    ByteBuffer bytes;
    try {
      bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("text that is not well-formed Unicode", e);
    }
    StringBuilder encoded = new StringBuilder(bytes.remaining() + 16);
    while (bytes.hasRemaining()) {
      byte octet = bytes.get();
      if (octet > 0 && IS_UNRESERVED[octet]) {
        encoded.append((char) octet);
      } else {
        encoded.append('%').append(HEX.toHexDigits(octet));
      }
    }
    return encoded.toString();
  }
}
