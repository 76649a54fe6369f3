package io.offboarder.webex.http;

/**
 * The status of an answer, or that none came.
 *
 * @param code as HTTP defines it; 0 for {@link #NONE}
 */
public record HttpStatus(int code) {

  /** No whole answer came: the connection was refused or lost, or the time was up. */
  public static final HttpStatus NONE = new HttpStatus(0);

  /** Whether there was an answer, good or bad. */
  public boolean isAnswer() {
    return code != 0;
  }

  /** What it means for the request; no answer counts as {@link StatusClass#FAILING}. */
  public StatusClass statusClass() {
    return StatusClass.of(code);
  }

  /** The code in digits, or {@code none}. */
  @Override
  public String toString() {
    return isAnswer() ? Integer.toString(code) : "none";
  }
}
