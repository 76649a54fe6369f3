package io.offboarder.intake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A JSON web token in its compact form (RFC 7519). Only its claims are read here; whether its
 * signature holds is found out before anything is done about them.
 */
final class JsonToken {
  private static final Pattern COMPACT =
      Pattern.compile("\\s*eyJ[\\w-]*\\.([\\w-]+)\\.[\\w-]*\\s*");

  private JsonToken() {}

  /** A token's claims; null for what is none. */
  static byte @Nullable [] claims(byte @Nullable [] value) {
    if (value == null || value.length < 4 || value[0] != 'e' || value[1] != 'y') {
      return null;
    }
    Matcher compact = COMPACT.matcher(new String(value, US_ASCII));
    try {
      return compact.matches() ? Base64.getUrlDecoder().decode(compact.group(1)) : null;
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }
}
