package io.offboarder.event;

/**
 * An id, as the API documents it and as it came.
 *
 * @param value what the API is asked for
 * @param received what the event said; as a rule the same
 */
public record Identifier(String value, String received) {

  /** An id that came as the API documents it. */
  public static Identifier of(String value) {
    return new Identifier(value, value);
  }

  /** Whether it came in another form. */
  public boolean isConverted() {
    return !value.equals(received);
  }
}
