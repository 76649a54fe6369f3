package io.offboarder.webex.gate;

import io.offboarder.webex.loop.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Has the API asked how it is while nobody else asks it anything: at the start, and after each
 * minute without a good answer. So an API that is away and credentials that are refused are known,
 * and told, before an event has to find out.
 */
public final class IdleProber {

  /** How old the last good answer may be. */
  private static final Duration LATELY = Duration.ofMinutes(1);

  /** Soon enough that a few failures in a row are seen as the outage that they are. */
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final EventLoop loop;
  private final RequestGate gate;
  private EventLoop.@Nullable Timer timer;

  /** Asks by way of this gate, on this loop; nothing before {@link #start}. */
  public IdleProber(EventLoop loop, RequestGate gate) {
    this.loop = loop;
    this.gate = gate;
  }

  /** Asks now, unless a request went out lately, and from then on at intervals. */
  public void start() {
    timer = loop.after(EVERY, this::start);
    gate.checkIfIdle(LATELY);
  }

  /** Asks no more. */
  public void stop() {
    if (timer != null) {
      timer.cancel();
    }
  }
}
