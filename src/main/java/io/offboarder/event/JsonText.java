package io.offboarder.event;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;

/**
 * The text that a value's bytes are: UTF-8, or UTF-16 or UTF-32 where the bytes say so, by a byte
 * order mark or by the zeros that JSON's first character leaves; without the mark and what else can
 * be left out around JSON, and without the five bytes that a schema registry's serializer puts
 * before it.
 *
 * @param isWhole false where some bytes are no UTF-8; U+FFFD stands for each of them
 * @param schemaId of the registry's prefix; -1 where there was none
 */
public record JsonText(String text, boolean isWhole, int schemaId) {
  /** Stands for bytes that are no text. */
  static final char REPLACEMENT = '\ufffd';

  private static final int REGISTRY_PREFIX = 5;
  private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
  private static final Charset UTF_32LE = Charset.forName("UTF-32LE");

  /** The text of a value. */
  public static JsonText of(byte[] bytes) {
    if (hasRegistryPrefix(bytes)) {
      int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
      return decode(bytes, REGISTRY_PREFIX, UTF_8, id);
    }
    return decode(bytes, 0, charset(bytes), -1);
  }

  /**
   * A first byte of zero begins no JSON; a brace or a quote after four more can begin nothing else.
   */
  private static boolean hasRegistryPrefix(byte[] bytes) {
    if (bytes.length <= REGISTRY_PREFIX || bytes[0] != 0) {
      return false;
    }
    int i = REGISTRY_PREFIX;
    while (i < bytes.length
        && (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t')) {
      i++;
    }
    boolean begins =
        i < bytes.length && (bytes[i] == '{' || bytes[i] == '"' || bytes[i] == (byte) 0xef);
    return begins && (i + 1 == bytes.length || bytes[i + 1] != 0); // else half of UTF-16's next one
  }

  /** RFC 4627, section 3: JSON begins with two ASCII characters. */
  private static Charset charset(byte[] bytes) {
    int zeros = 0;
    for (int i = 0; i < 4; i++) {
      zeros = (zeros << 1) | (i < bytes.length && bytes[i] != 0 ? 0 : 1);
    }
    int mark = bytes.length < 2 ? 0 : ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
    return switch (zeros) {
      case 0b1110, 0b1100 -> UTF_32BE;
      case 0b0111 -> UTF_32LE;
      case 0b0011 -> mark == 0xfffe ? UTF_32LE : bytes.length < 4 ? UTF_8 : UTF_16LE;
      case 0b1010, 0b1011 -> UTF_16BE;
      case 0b0101 -> UTF_16LE;
      default -> mark == 0xfeff ? UTF_16BE : mark == 0xfffe ? UTF_16LE : UTF_8;
    };
  }

  private static JsonText decode(byte[] bytes, int from, Charset charset, int schemaId) {
    ByteBuffer input = ByteBuffer.wrap(bytes, from, bytes.length - from);
    boolean whole = true;
    if (charset.equals(UTF_8)) {
      try {
        charset.newDecoder().decode(input.duplicate());
      } catch (CharacterCodingException e) {
        whole = false;
      }
    }
    String text = new String(bytes, from, bytes.length - from, charset);
    return new JsonText(trimmed(text), whole, schemaId);
  }

  /** Without byte order marks and blanks around it, and without the zero that ends a C string. */
  private static String trimmed(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == 0) {
      end--;
    }
    return WhiteSpace.trimmed(text.substring(0, end));
  }
}
