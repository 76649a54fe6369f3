package io.offboarder.testing;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Looks at once whether what a test waits for is there, and then more and more slowly, up to
 * Awaitility's usual interval: most conditions hold within a few milliseconds. Applies to all
 * tests.
 */
public final class QuickPolls implements BeforeAllCallback {
  private static final Duration FIRST = Duration.ofMillis(5);
  private static final Duration USUAL = Duration.ofMillis(100);

  @Override
  public void beforeAll(ExtensionContext context) {
    Awaitility.setDefaultPollDelay(Duration.ZERO);
    Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(QuickPolls::longer, FIRST));
  }

  private static Duration longer(Duration last) {
    Duration next = last.multipliedBy(2);
    return next.compareTo(USUAL) < 0 ? next : USUAL;
  }
}
