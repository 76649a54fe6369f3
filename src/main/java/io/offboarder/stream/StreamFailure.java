package io.offboarder.stream;

import org.jspecify.annotations.Nullable;

/**
 * Why an engine stopped for good: something that waiting does not heal. The message is one line.
 */
public final class StreamFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** A failure with the exception that showed it, or null. */
  public StreamFailure(Reason reason, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** What kind of failure it is. */
  public Reason reason() {
    return reason;
  }

  /** What an operator has to look at. */
  public enum Reason {
    /** Another running instance uses this instance's name. */
    NAME_IN_USE,
    /** Kafka does not let this client in, or not to this topic, group or transaction. */
    NOT_AUTHORIZED,
    /** A setting that Kafka or its client refuses. */
    CONFIGURATION,
    /** Offset metadata of another program, and the settings say to stop there. */
    FOREIGN_OFFSET_METADATA,
    /** A result that a topic refuses even in its shortest form. */
    RESULT_TOO_LARGE,
    /** A fault of this program. */
    INTERNAL
  }
}
