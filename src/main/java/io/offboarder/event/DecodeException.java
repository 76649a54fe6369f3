package io.offboarder.event;

/** Carries an error from where it is found to where the event is rejected. */
final class DecodeException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient DecodeError error;

  DecodeException(DecodeError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  DecodeException(DecodeError.Code code, String field, String was, String expected) {
    this(DecodeError.of(code, field, was, expected));
  }

  /** For a value that is shown. */
  DecodeException(DecodeError.Code code, String field, Quoted value, String expected) {
    this(DecodeError.of(code, field, "was " + value.shown(), "was " + value.hidden(), expected));
  }

  DecodeError error() {
    return error;
  }
}
