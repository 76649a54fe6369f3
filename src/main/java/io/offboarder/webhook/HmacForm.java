package io.offboarder.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * How a sender writes an HMAC into its requests.
 *
 * @param header that holds it
 * @param algorithm as the JDK names it, such as {@code HmacSHA256}
 * @param encoding of its bytes
 * @param prefix that stands before it, such as {@code sha256=}
 * @param signed what it is made over
 * @param timestampHeader that holds the time of sending, in Unix seconds or milliseconds; null
 *     where the sender signs none
 */
public record HmacForm(
    String header,
    String algorithm,
    Encoding encoding,
    String prefix,
    Signed signed,
    @Nullable String timestampHeader) {

  /** As BambooHR documents it. */
  static final HmacForm BAMBOOHR =
      new HmacForm(
          "X-BambooHR-Signature",
          "HmacSHA256",
          Encoding.HEX,
          "",
          Signed.BODY_TIMESTAMP,
          "X-BambooHR-Timestamp");

  /** As HiBob documents it. */
  static final HmacForm HIBOB =
      new HmacForm("Bob-Signature", "HmacSHA512", Encoding.BASE64, "", Signed.BODY, null);

  /** As Gusto documents it; the secret is the subscription's verification token. */
  static final HmacForm GUSTO =
      new HmacForm("X-Gusto-Signature", "HmacSHA256", Encoding.HEX, "", Signed.BODY, null);

  /** How bytes become text. */
  public enum Encoding {
    /** Hexadecimal digits, in any case. */
    HEX,
    /** Base64, padded or not, in either alphabet. */
    BASE64;

    /**
     * The bytes.
     *
     * @throws IllegalArgumentException if it is not in this encoding
     */
    byte[] decode(String text) {
      return this == HEX
          ? HexFormat.of().parseHex(text)
          : Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
    }
  }

  /** What a signature is made over. */
  public enum Signed {
    /** The body, byte for byte. */
    BODY,
    /** The body, and the timestamp right after it. */
    BODY_TIMESTAMP,
    /** The timestamp, a dot, and the body. */
    TIMESTAMP_DOT_BODY
  }

  /** What stands before the body. */
  byte[] before(String timestamp) {
    return signed == Signed.TIMESTAMP_DOT_BODY ? (timestamp + ".").getBytes(UTF_8) : new byte[0];
  }

  /** What stands after it. */
  byte[] after(String timestamp) {
    return signed == Signed.BODY_TIMESTAMP ? timestamp.getBytes(UTF_8) : new byte[0];
  }
}
