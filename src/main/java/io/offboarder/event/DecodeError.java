package io.offboarder.event;

/**
 * What is wrong with an event, for the person who has to correct its sender.
 *
 * @param code a stable word
 * @param field the member, attribute or header that is wrong; {@code value} for the bytes as a
 *     whole
 * @param message the field, what was there, and what was expected, on one short line
 * @param discreetMessage the same for those who must not see what was there
 */
public record DecodeError(Code code, String field, String message, String discreetMessage) {

  /** The kinds of fault; {@link #toString} is the stable word. */
  public enum Code {
    /** No bytes at all. */
    EMPTY_VALUE,
    /** More than can be read: what it decompresses to, or how many headers it has. */
    RECORD_TOO_LARGE,
    /** The content type is none that an event comes in. */
    UNSUPPORTED_CONTENT_TYPE,
    /** The bytes are not JSON, or more of it than an event can be. */
    MALFORMED_JSON,
    /** The CloudEvents envelope is not one. */
    MALFORMED_ENVELOPE,
    /** The type is none that this service acts on. */
    UNKNOWN_TYPE,
    /** A member that is needed is missing. */
    MISSING_MEMBER,
    /** A member is of another JSON type. */
    WRONG_TYPE,
    /** A member's value cannot be. */
    INVALID_VALUE,
    /** The topic asks for signed events, and this one is not. */
    UNSIGNED,
    /** The event's signature does not hold. */
    INVALID_SIGNATURE,
    /** A rule of the configuration could not be applied to the record. */
    MAPPING_FAILED,
    /** One record holds more events than are read from one. */
    TOO_MANY_EVENTS,
    /** The event takes effect later than anything is kept waiting for. */
    EFFECTIVE_TOO_FAR;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** The same for those who must not see what was there, which may name a person. */
  DecodeError withoutInput() {
    return new DecodeError(code, field, discreetMessage, discreetMessage);
  }

  /** The same fault at the place that the sender knows it by. */
  public DecodeError at(String place) {
    return new DecodeError(code, place, moved(message, place), moved(discreetMessage, place));
  }

  private String moved(String words, String place) {
    return words.startsWith(field) ? place + words.substring(field.length()) : words;
  }

  /**
   * The same fault, with more said about it.
   *
   * @param discreetly the same without what was there
   */
  public DecodeError and(String more, String discreetly) {
    return new DecodeError(code, field, message + more, discreetMessage + discreetly);
  }

  /** A fault whose description shows nothing of the input. */
  public static DecodeError of(Code code, String field, String was, String expected) {
    return of(code, field, was, was, expected);
  }

  /**
   * A fault whose description shows some of the input.
   *
   * @param wasWithoutInput the same description without it
   */
  public static DecodeError of(
      Code code, String field, String was, String wasWithoutInput, String expected) {
    return new DecodeError(
        code,
        field,
        field + " " + was + ", expected " + expected,
        field + " " + wasWithoutInput + ", expected " + expected);
  }
}
