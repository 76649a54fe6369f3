package io.offboarder.service;

import io.offboarder.commands.Pause;
import io.offboarder.commands.Said;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pauses this instance and lets it go on, as the last word of the commands' topic says. Does
 * nothing before all earlier words are known, so that it acts on none that another has taken back.
 * Confined to the event loop, but for {@link #state}.
 */
final class PauseSwitch {
  private static final Logger LOG = LoggerFactory.getLogger(PauseSwitch.class);

  private final Runnable pause;
  private final Runnable resume;
  private boolean isKnown;
  private boolean isOn;
  private volatile @Nullable Pause state;

  /**
   * A switch that is off.
   *
   * @param pause what switches it on
   * @param resume what switches it off again
   */
  PauseSwitch(Runnable pause, Runnable resume) {
    this.pause = pause;
    this.resume = resume;
  }

  /** Whether a person has paused the group; null if not. From any thread. */
  @Nullable Pause state() {
    return state;
  }

  /** People have said this. */
  void heard(Said said) {
    state = Pause.after(state, said);
    if (isKnown) {
      turn("resumed by " + said.command().by() + ": " + said.command().reason());
    }
  }

  /** All is known that was said before this instance began. */
  void known() {
    isKnown = true;
    turn("");
  }

  private void turn(String resumed) {
    Pause now = state;
    if (now != null && !isOn) {
      isOn = true;
      pause.run();
      LOG.warn(
          "{} (command {}); nothing is begun and nothing asked of the API until somebody resumes",
          now,
          now.command());
    } else if (now == null && isOn) {
      isOn = false;
      resume.run();
      LOG.info("{}; going on", resumed);
    }
  }
}
