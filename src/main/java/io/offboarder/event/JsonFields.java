package io.offboarder.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offboarder.event.DecodeError.Code;
import io.offboarder.id.RestId;
import io.offboarder.text.Printable;
import io.offboarder.time.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object's members, each by the rule of its kind. What decides whom an event is about,
 * what is to be done and when is read strictly, white space around it aside; {@link ShownFields}
 * has the rest. A member that is null or empty counts as missing.
 *
 * @param prefix of the members' names in messages, such as {@code data.}
 * @param notes takes what was odd and yet understood
 */
record JsonFields(ObjectNode object, String prefix, Notes notes) {
  private static final int LONGEST_ID = 512;

  /** An address has at most 64 + 1 + 255 octets (RFC 5321, section 4.5.3.1). */
  static final int LONGEST_EMAIL = 320;

  private static final String LABEL =
      "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}_-]*[\\p{L}\\p{N}\\p{M}])?";

  /** Neither a scheme nor a display name, quotes or a list have a place in it. */
  private static final Pattern EMAIL =
      Pattern.compile("[^\\s@:;,<>()\\[\\]\"\\\\\ufffd]+@" + LABEL + "(?:\\." + LABEL + ")*");

  /**
   * Whether a member is there, and neither null nor empty: some write an empty array or object for
   * what is not set.
   */
  boolean has(String name) {
    JsonNode member = object.get(name);
    return member != null && !member.isNull() && !isEmpty(member);
  }

  private static boolean isEmpty(JsonNode member) {
    return member.isTextual()
        ? WhiteSpace.trimmed(member.textValue()).isEmpty()
        : member.isContainerNode() && member.isEmpty();
  }

  /** The members that decide nothing. */
  ShownFields shown() {
    return new ShownFields(this);
  }

  /** What the sender calls the event: repeated, never acted on, but needed. */
  String name(String name) throws DecodeException {
    requireThere(name, "a text");
    JsonNode member = object.get(name);
    if (!member.isTextual() && JsonTree.digits(member) == null) {
      throw wrongType(name, "a string");
    }
    return required(shown().text(name));
  }

  /** What kind of event it is. */
  String type() throws DecodeException {
    requireThere("type", "a text");
    String text = required(string("type"));
    String type = WhiteSpace.trimmed(text);
    if (type.length() < text.length()) {
      noteWhiteSpace("type");
    }
    return type;
  }

  /** The one text that may be there. */
  void constant(String name, String expected) throws DecodeException {
    requireThere(name, "'" + expected + "'");
    JsonNode member = object.get(name);
    String text = ShownFields.scalar(member);
    if (text == null) {
      throw wrongType(name, "'" + expected + "'");
    }
    if (!text.equals(expected)) {
      throw invalid(name, new Quoted(text), "'" + expected + "'");
    }
  }

  private void requireThere(String name, String expected) throws DecodeException {
    if (!has(name)) {
      throw blankOrMissing(name, "was missing", expected);
    }
  }

  /** Why a member that is needed is not there. */
  DecodeException blankOrMissing(String name, String missing, String expected) {
    JsonNode member = object.get(name);
    return member != null && isEmpty(member)
        ? new DecodeException(Code.INVALID_VALUE, prefix + name, "was blank", expected)
        : new DecodeException(Code.MISSING_MEMBER, prefix + name, missing, expected);
  }

  /**
   * An identifier of the API's. Those are opaque, but they become one segment of a URL's path, so
   * what could make another path of it is refused.
   */
  @Nullable String id(String name) throws DecodeException {
    String id = subjectText(name, LONGEST_ID);
    if (id != null) {
      requireOpaque(name, id);
    }
    return id;
  }

  /**
   * An identifier of the REST API's, in any form that systems around that API write it in.
   *
   * @param type what it has to name, such as {@code PEOPLE}
   */
  @Nullable Identifier restId(String name, String type) throws DecodeException {
    String id = subjectText(name, LONGEST_ID);
    if (id == null) {
      return null;
    }
    RestId restId = RestId.parseAnyForm(id, type);
    if (restId == null) {
      requireOpaque(name, id);
      return Identifier.of(id);
    }
    if (!restId.type().equals(type)) {
      throw new DecodeException(
          Code.INVALID_VALUE,
          prefix + name,
          "was an id of " + new Quoted(restId.type()).shown(),
          "an id of " + type);
    }
    return new Identifier(restId.encoded(), id);
  }

  private void requireOpaque(String name, String id) throws DecodeException {
    boolean odd =
        WhiteSpace.isIn(id)
            || id.indexOf('/') >= 0
            || id.indexOf('\\') >= 0
            || id.indexOf(JsonText.REPLACEMENT) >= 0;
    if (odd || id.equals(".") || id.equals("..") || !Printable.isAllPrintable(id)) {
      throw invalid(
          name,
          new Quoted(id),
          "an identifier without slashes, white space, control and invisible characters");
    }
  }

  /** An e-mail address, as far as anybody but its owner can tell. */
  @Nullable String email(String name) throws DecodeException {
    String email = subjectText(name, LONGEST_EMAIL);
    if (email != null && !isAddress(email)) {
      throw invalid(name, new Quoted(email), "an e-mail address alone, without a name or mailto:");
    }
    return email;
  }

  private static boolean isAddress(String text) {
    return EMAIL.matcher(text).matches()
        && !WhiteSpace.isIn(text)
        && Printable.isAllPrintable(text);
  }

  /** A text that names a subject, without white space around it; null where it is not there. */
  private @Nullable String subjectText(String name, int longest) throws DecodeException {
    if (!has(name)) {
      if (object.hasNonNull(name)) {
        notes.add(prefix + name, "was empty and counts as missing");
      }
      return null;
    }
    String text = required(string(name));
    String trimmed = WhiteSpace.trimmed(text);
    int length = trimmed.codePointCount(0, trimmed.length());
    if (length > longest) {
      throw new DecodeException(
          Code.INVALID_VALUE,
          prefix + name,
          "had " + length + " characters",
          "at most " + longest + " characters");
    }
    if (trimmed.length() < text.length()) {
      noteWhiteSpace(name);
    }
    return trimmed;
  }

  private void noteWhiteSpace(String name) {
    notes.add(prefix + name, "had white space around it, which is left out");
  }

  /**
   * When the event takes effect; null where it does not say. A plain date takes effect when that
   * day has ended. A member that could be mistaken is refused: one that is not read would have the
   * event done before its time.
   */
  @Nullable EffectiveTime effectiveTime(ZoneId zone) throws DecodeException {
    String name = MemberName.EFFECTIVE_AT;
    if (!has(name)) {
      requireNotMisspelt(name);
      return null;
    }
    String text = WhiteSpace.trimmed(required(string(name)));
    Instant moment =
        Timestamp.moment(text)
            .or(() -> Timestamp.date(text).map(day -> endOf(day, zone)))
            .orElseThrow(
                () ->
                    invalid(
                        name,
                        new Quoted(text),
                        "a date and time with an offset, as 2026-11-23T17:00:00Z, or a date"));
    if (Timestamp.isUnusual(text)) {
      notes.add(prefix + name, "was not written as RFC 3339 says and yet names one moment");
    }
    return new EffectiveTime(moment, prefix + name);
  }

  private static Instant endOf(LocalDate day, ZoneId zone) {
    Instant end = day.plusDays(1).atStartOfDay(zone).toInstant();
    return end.isAfter(Timestamp.LAST) ? Timestamp.LAST : end; // 9999-12-31 stands for never.
  }

  /**
   * Whether the event is to be acted on; it is, where it does not say. A member that could be
   * mistaken is refused: one that is not read would delete what was only asked about.
   */
  Execution execution() throws DecodeException {
    String name = MemberName.DRY_RUN;
    requireNotMisspelt(name);
    if (!has(name)) {
      return Execution.REAL;
    }
    String text = ShownFields.scalar(object.get(name));
    if (text == null) {
      throw wrongType(name, "true or false");
    }
    return switch (text) {
      case "true" -> Execution.DRY_RUN;
      case "false" -> Execution.REAL;
      default -> throw invalid(name, new Quoted(text), "true or false");
    };
  }

  private void requireNotMisspelt(String member) throws DecodeException {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (MemberName.isMisspelt(name, member) && has(name)) {
        throw new DecodeException(
            Code.INVALID_VALUE, prefix + name, "was there", "the member " + member);
      }
    }
  }

  /** For a kind of event of which there is no dry run. */
  void requireRealExecution() throws DecodeException {
    if (execution() == Execution.DRY_RUN) {
      throw invalid(
          MemberName.DRY_RUN, new Quoted("true"), "false: there is no dry run of taking back");
    }
  }

  private @Nullable String string(String name) throws DecodeException {
    JsonNode member = object.get(name);
    if (member == null || member.isNull()) {
      return null;
    }
    if (!member.isTextual()) {
      throw wrongType(name, "a string");
    }
    return member.textValue();
  }

  private DecodeException wrongType(String name, String expected) {
    JsonNode member = object.get(name);
    Code code = JsonTree.isAmbiguous(member) ? Code.MALFORMED_JSON : Code.WRONG_TYPE;
    return new DecodeException(code, prefix + name, "was " + describe(member), expected);
  }

  private DecodeException invalid(String name, Quoted value, String expected) {
    return new DecodeException(Code.INVALID_VALUE, prefix + name, value, expected);
  }

  private static String required(@Nullable String text) {
    if (text == null) {
      throw new IllegalStateException("looked at before");
    }
    return text;
  }

  /** What a node is, for a message. */
  static String describe(@Nullable JsonNode node) {
    if (node == null || node.isMissingNode()) {
      return "missing";
    }
    if (JsonTree.isAmbiguous(node)) {
      return "there more than once, with different values";
    }
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case BOOLEAN -> "a boolean";
      case NULL -> "null";
      case OBJECT -> "an object";
      case POJO -> "a number";
      case STRING -> "a string";
      default -> "something else";
    };
  }
}
