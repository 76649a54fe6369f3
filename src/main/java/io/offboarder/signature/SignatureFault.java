package io.offboarder.signature;

import java.util.Locale;

/**
 * Why an event's signature does not count.
 *
 * @param kind a stable word
 * @param about what of it is wrong
 * @param field the header that is wrong
 * @param was what was there, in words that show nothing of the input
 * @param expected what was expected
 */
public record SignatureFault(Kind kind, About about, String field, String was, String expected) {

  static SignatureFault unsigned(String field, String was, String expected) {
    return new SignatureFault(Kind.UNSIGNED, About.FORM, field, was, expected);
  }

  static SignatureFault invalid(String field, String was, String expected) {
    return invalid(About.FORM, field, was, expected);
  }

  static SignatureFault invalid(About about, String field, String was, String expected) {
    return new SignatureFault(Kind.INVALID_SIGNATURE, about, field, was, expected);
  }

  /** What of a signature is wrong. */
  public enum About {
    /** Its form, or its age. */
    FORM,
    /** The signer: its keys are not known. */
    ISSUER,
    /** Whom it is for. */
    AUDIENCE,
    /** The key, or what it was used on. */
    KEY
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
