package io.offboarder.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.event.DecodeError.Code;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object's members, each by the rule of its kind. A member that is null counts as
 * missing.
 *
 * @param prefix of the members' names in messages, such as {@code data.}
 */
record JsonFields(JsonNode object, String prefix) {
  private static final int LONGEST_ID = 512;

  /** The longest text that is kept and shown, in characters. */
  static final int LONGEST_TEXT = 1_000;

  /**
   * RFC 3339, section 5.6, which is narrower than what Java's formatters read. Java's clock has
   * nanoseconds; what is finer is cut off.
   */
  private static final Pattern RFC_3339 =
      Pattern.compile(
          "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.(?<fraction>\\d{1,9}))?"
              + "(?:(?<=\\.\\d{9})\\d+)?(?<offset>Z|[+-]\\d\\d:\\d\\d)",
          Pattern.CASE_INSENSITIVE);

  private static final int UNPRESENTABLE = 1 << Character.CONTROL | 1 << Character.SURROGATE;

  /** An address has at most 64 + 1 + 255 octets (RFC 5321, section 4.5.3.1). */
  private static final int LONGEST_EMAIL = 320;

  /** Any text without control characters. */
  @Nullable String text(String name) throws DecodeException {
    String text = string(name);
    if (text != null) {
      requireLength(name, text, LONGEST_TEXT);
      if (!isPresentable(text)) {
        throw invalid(name, new Quoted(text), "a text without control characters");
      }
    }
    return text;
  }

  /** A text that is there and not blank. */
  String name(String name) throws DecodeException {
    String text = text(name);
    if (text == null) {
      throw missing(name, "a text");
    }
    if (isBlank(text)) {
      throw invalid(name, "was blank", "a text");
    }
    return text;
  }

  /** A text that is there and a reference to a resource (RFC 3986), as it came. */
  String uriReference(String name) throws DecodeException {
    String text = name(name);
    try {
      URI.create(text);
    } catch (IllegalArgumentException e) {
      throw invalid(name, new Quoted(text), "a URI reference, as /hr/workday");
    }
    return text;
  }

  /** The one text that may be there. */
  void constant(String name, String expected) throws DecodeException {
    String text = string(name);
    if (text == null) {
      throw missing(name, "'" + expected + "'");
    }
    if (!text.equals(expected)) {
      throw invalid(name, new Quoted(text), "'" + expected + "'");
    }
  }

  /** Whether a member is there and not null. */
  boolean has(String name) {
    return object.hasNonNull(name);
  }

  /**
   * An identifier of the API's. Those are opaque, but they become one segment of a URL's path, so
   * what could make another path of it is refused.
   */
  @Nullable String id(String name) throws DecodeException {
    String id = string(name);
    if (id == null) {
      return null;
    }
    if (isBlank(id)) {
      throw invalid(name, "was blank", "an identifier");
    }
    requireLength(name, id, LONGEST_ID);
    boolean odd = containsSpace(id) || id.indexOf('/') >= 0 || id.indexOf('\\') >= 0;
    if (odd || id.equals(".") || id.equals("..") || !isPlain(id)) {
      throw invalid(
          name,
          new Quoted(id),
          "an identifier without slashes, white space, control and invisible characters");
    }
    return id;
  }

  /** An e-mail address, as far as anybody but its owner can tell. */
  @Nullable String email(String name) throws DecodeException {
    String email = string(name);
    if (email == null) {
      return null;
    }
    if (isBlank(email)) {
      throw invalid(name, "was blank", "an e-mail address");
    }
    requireLength(name, email, LONGEST_EMAIL);
    int at = email.lastIndexOf('@');
    if (containsSpace(email)
        || at < 1
        || at == email.length() - 1
        || email.indexOf('@') != at
        || !isPlain(email)) {
      throw invalid(name, new Quoted(email), "an e-mail address");
    }
    return email;
  }

  /** When the event takes effect; null where it does not say. */
  @Nullable EffectiveTime effectiveTime() throws DecodeException {
    Instant at = instant("effectiveAt");
    return at == null ? null : new EffectiveTime(at, prefix + "effectiveAt");
  }

  /** A moment as RFC 3339 writes it. */
  @Nullable Instant instant(String name) throws DecodeException {
    String text = string(name);
    if (text == null) {
      return null;
    }
    Matcher written = RFC_3339.matcher(text);
    try {
      if (written.matches()) {
        return moment(text, written.group("fraction"), written.group("offset"));
      }
    } catch (DateTimeException e) {
      throw notDateTime(name, text);
    }
    throw notDateTime(name, text);
  }

  /** What matched, by where it stands: a formatter would take ten times as long. */
  private static Instant moment(String text, @Nullable String fraction, String offset) {
    int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
    return LocalDateTime.of(
            Integer.parseInt(text, 0, 4, 10),
            Integer.parseInt(text, 5, 7, 10),
            Integer.parseInt(text, 8, 10, 10),
            Integer.parseInt(text, 11, 13, 10),
            Integer.parseInt(text, 14, 16, 10),
            Integer.parseInt(text, 17, 19, 10),
            nanos)
        .toInstant(ZoneOffset.of(offset.toUpperCase(Locale.ROOT)));
  }

  private DecodeException notDateTime(String name, String text) {
    return invalid(
        name, new Quoted(text), "a date and time with an offset, as 2026-11-23T17:00:00Z");
  }

  private @Nullable String string(String name) throws DecodeException {
    JsonNode member = object.get(name);
    if (member == null || member.isNull()) {
      return null;
    }
    if (!member.isTextual()) {
      throw new DecodeException(
          Code.WRONG_TYPE, prefix + name, "was " + describe(member), "a string");
    }
    return member.textValue();
  }

  private void requireLength(String name, String text, int longest) throws DecodeException {
    int length = text.codePointCount(0, text.length());
    if (length > longest) {
      throw invalid(name, "had " + length + " characters", "at most " + longest + " characters");
    }
  }

  private DecodeException missing(String name, String expected) {
    return new DecodeException(Code.MISSING_MEMBER, prefix + name, "was missing", expected);
  }

  private DecodeException invalid(String name, Quoted value, String expected) {
    return new DecodeException(Code.INVALID_VALUE, prefix + name, value, expected);
  }

  private DecodeException invalid(String name, String was, String expected) {
    return new DecodeException(Code.INVALID_VALUE, prefix + name, was, expected);
  }

  /** Whether a text may be shown in an outcome and a log, its length aside. */
  static boolean isPresentable(String text) {
    return !contains(text, UNPRESENTABLE);
  }

  /** Whether a text may be shown, and shows all there is of it, in the order that it is in. */
  private static boolean isPlain(String text) {
    return !contains(text, UNPRESENTABLE | 1 << Character.FORMAT);
  }

  /** Whether any of it is of one of these of Unicode's general categories, a bit for each. */
  private static boolean contains(String text, int categories) {
    for (int i = 0; i < text.length(); ) {
      int character = text.codePointAt(i);
      if ((categories >> Character.getType(character) & 1) != 0) {
        return true;
      }
      i += Character.charCount(character);
    }
    return false;
  }

  private static boolean isBlank(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isSpace(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean containsSpace(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isSpace(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  /** A node's type, for a message. */
  static String describe(@Nullable JsonNode node) {
    if (node == null || node.isMissingNode()) {
      return "missing";
    }
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case NUMBER -> "a number";
      case OBJECT -> "an object";
      case STRING -> "a string";
      default -> "something else";
    };
  }
}
