package io.offboarder.cli;

import java.time.Duration;

/**
 * How the time that an orderly stop may take is divided, so that all of it ends in that time even
 * if Kafka is away.
 *
 * @param total from the signal to the end of the process
 */
record ShutdownBudget(Duration total) {
  private static final Duration ENOUGH_TO_CLOSE = Duration.ofSeconds(5);

  /** Until what is in flight is finished or handed back. */
  Duration finishing() {
    return total.minus(closing());
  }

  /** Until everything is closed, by when it has to be. */
  Duration toClosed() {
    return total.minus(margin());
  }

  /** What is left then. */
  Duration margin() {
    return closing().dividedBy(5);
  }

  private Duration closing() {
    Duration share = total.dividedBy(4);
    return share.compareTo(ENOUGH_TO_CLOSE) < 0 ? share : ENOUGH_TO_CLOSE;
  }
}
