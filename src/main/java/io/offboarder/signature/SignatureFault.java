package io.offboarder.signature;

import java.util.Locale;

/**
 * Why an event's signature does not count.
 *
 * @param kind a stable word
 * @param field the header that is wrong
 * @param was what was there, in words that show nothing of the input
 * @param expected what was expected
 */
public record SignatureFault(Kind kind, String field, String was, String expected) {

  static SignatureFault unsigned(String field, String was, String expected) {
    return new SignatureFault(Kind.UNSIGNED, field, was, expected);
  }

  static SignatureFault invalid(String field, String was, String expected) {
    return new SignatureFault(Kind.INVALID_SIGNATURE, field, was, expected);
  }

  /** The kinds of fault; {@link #toString} is the stable word. */
  public enum Kind {
    /** There is no signature. */
    UNSIGNED,
    /** There is one, and it does not hold for this event. */
    INVALID_SIGNATURE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
