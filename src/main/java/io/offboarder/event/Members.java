package io.offboarder.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.offboarder.event.EventFault.Code;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object's members, each by the rule of its kind. A member that is null counts as
 * missing.
 *
 * @param prefix of the members' names in messages, such as {@code data.}
 */
record Members(JsonNode object, String prefix) {
  private static final int LONGEST_ID = 512;
  private static final int LONGEST_TEXT = 1_000;

  /** An address has at most 64 + 1 + 255 octets (RFC 5321, section 4.5.3.1). */
  private static final int LONGEST_EMAIL = 320;

  /** Any text without control characters. */
  @Nullable String text(String name) throws FaultException {
    String text = string(name);
    if (text != null) {
      requireLength(name, text, LONGEST_TEXT);
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw invalid(name, "was " + Quoted.quote(text), "a text without control characters");
      }
    }
    return text;
  }

  /** A text that is not blank. */
  @Nullable String name(String name) throws FaultException {
    String text = text(name);
    if (text != null && text.isBlank()) {
      throw invalid(name, "was blank", "a text");
    }
    return text;
  }

  /**
   * An identifier of the API's. Those are opaque, but they become one segment of a URL's path, so
   * what could make another path of it is refused.
   */
  @Nullable String id(String name) throws FaultException {
    String id = string(name);
    if (id == null) {
      return null;
    }
    if (id.isBlank()) {
      throw invalid(name, "was blank", "an identifier");
    }
    requireLength(name, id, LONGEST_ID);
    boolean odd =
        id.chars()
            .anyMatch(
                c ->
                    Character.isISOControl(c)
                        || Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || c == '/'
                        || c == '\\');
    if (odd || id.equals(".") || id.equals("..") || !isWellFormed(id)) {
      throw invalid(
          name,
          "was " + Quoted.quote(id),
          "an identifier without slashes, white space and control characters");
    }
    return id;
  }

  /** An e-mail address, as far as anybody but its owner can tell. */
  @Nullable String email(String name) throws FaultException {
    String email = string(name);
    if (email == null) {
      return null;
    }
    if (email.isBlank()) {
      throw invalid(name, "was blank", "an e-mail address");
    }
    requireLength(name, email, LONGEST_EMAIL);
    int at = email.lastIndexOf('@');
    boolean odd =
        email
            .chars()
            .anyMatch(
                c ->
                    Character.isISOControl(c)
                        || Character.isWhitespace(c)
                        || Character.isSpaceChar(c));
    if (odd
        || at < 1
        || at == email.length() - 1
        || email.indexOf('@') != at
        || !isWellFormed(email)) {
      throw invalid(name, "was " + Quoted.quote(email), "an e-mail address");
    }
    return email;
  }

  /** A moment as RFC 3339 writes it. */
  @Nullable Instant instant(String name) throws FaultException {
    String text = string(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw invalid(
          name,
          "was " + Quoted.quote(text),
          "a date and time with an offset, as 2026-11-23T17:00:00Z");
    }
  }

  private @Nullable String string(String name) throws FaultException {
    JsonNode member = object.get(name);
    if (member == null || member.isNull()) {
      return null;
    }
    if (!member.isTextual()) {
      throw new FaultException(
          Code.WRONG_TYPE, prefix + name, "was " + describe(member), "a string");
    }
    return member.textValue();
  }

  private void requireLength(String name, String text, int longest) throws FaultException {
    if (text.length() > longest) {
      throw invalid(
          name, "had " + text.length() + " characters", "at most " + longest + " characters");
    }
  }

  private FaultException invalid(String name, String was, String expected) {
    return new FaultException(Code.INVALID_VALUE, prefix + name, was, expected);
  }

  private static boolean isWellFormed(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
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
