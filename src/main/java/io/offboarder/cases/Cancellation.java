package io.offboarder.cases;

/**
 * What keeps a case from being done.
 *
 * @param by the case that does
 */
public record Cancellation(String by, Cause cause) {

  /** Why. */
  public enum Cause {
    /** It was taken back. */
    RESCINDED,
    /** A newer event about the same subject has another time. */
    REPLACED
  }
}
