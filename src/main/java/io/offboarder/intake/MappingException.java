package io.offboarder.intake;

import io.offboarder.event.DecodeError;
import io.offboarder.event.DecodeError.Code;

/** A rule's mapping does not yield a whole event; says which rule and which member. */
final class MappingException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient DecodeError error;

  MappingException(DecodeError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  MappingException(Code code, String field, String was, String expected) {
    this(DecodeError.of(code, field, was, expected));
  }

  /** For words that show some of the input; {@code wasWithoutInput} says the same without it. */
  MappingException(Code code, String field, String was, String wasWithoutInput, String expected) {
    this(DecodeError.of(code, field, was, wasWithoutInput, expected));
  }

  DecodeError error() {
    return error;
  }
}
