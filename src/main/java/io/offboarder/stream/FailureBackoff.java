package io.offboarder.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that is waited for until it heals. Says so when it begins, now and then while it lasts,
 * and when it is over; and spaces the attempts out. Confined to the Kafka thread.
 */
final class FailureBackoff {
  private static final Logger LOG = LoggerFactory.getLogger(FailureBackoff.class);
  private static final Duration FIRST_BACK_OFF = Duration.ofMillis(20);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(2);
  private static final Duration REMINDER = Duration.ofSeconds(30);

  private final String activity;
  private final LoopClock clock;
  private @Nullable String reason;
  private Duration since = Duration.ZERO;
  private Duration backOff = FIRST_BACK_OFF;
  private Duration retryAt = Duration.ZERO;
  private Duration remindAt = Duration.ZERO;

  /** A back-off for an activity, named so that "… does not work" reads well. */
  FailureBackoff(String activity, LoopClock clock) {
    this.activity = activity;
    this.clock = clock;
  }

  /** Whether the back-off since the last failure has not passed yet. */
  boolean isBackingOff() {
    return reason != null && clock.now().compareTo(retryAt) < 0;
  }

  /** The activity failed; it is tried again after a back-off. */
  void failed(Throwable cause) {
    Duration now = clock.now();
    if (reason == null) {
      backOff = FIRST_BACK_OFF;
      remindAt = Duration.ZERO;
      since = now;
    }
    reason = oneLine(cause);
    retryAt = now.plus(backOff);
    backOff = backOff.multipliedBy(2);
    if (backOff.compareTo(LONGEST_BACK_OFF) > 0) {
      backOff = LONGEST_BACK_OFF;
    }
    if (now.compareTo(remindAt) >= 0) {
      LOG.warn("{} does not work, trying again: {}", activity, reason);
      LOG.debug("The cause", cause);
      remindAt = now.plus(REMINDER);
    }
  }

  /** The activity worked. */
  void over() {
    if (reason != null) {
      LOG.info("{} works again", activity);
      reason = null;
    }
  }

  /** For how long it has not worked; zero if it does. */
  Duration lasts() {
    return reason == null ? Duration.ZERO : clock.now().minus(since);
  }

  /** What is wrong, or an empty text. */
  String reason() {
    return reason == null ? "" : activity + " does not work: " + reason;
  }

  static String oneLine(Throwable cause) {
    String message = message(cause);
    Throwable root = cause.getCause();
    String text = cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
    String below = root == null || root == cause ? null : message(root);
    if (below != null && !text.contains(below)) {
      text += " (" + below + ")";
    }
    return text.replaceAll("\\s+", " ");
  }

  /** What an illegal argument quotes of a JAAS configuration may be part of a password. */
  private static @Nullable String message(Throwable e) {
    String message = e.getMessage();
    boolean quotes =
        e instanceof IllegalArgumentException || e.getCause() instanceof IllegalArgumentException;
    return message == null || !quotes ? message : message.replaceAll("'[^']*'", "'***'");
  }
}
