package io.offboarder.policy;

import io.offboarder.event.Execution;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is decided by configuration.
 *
 * @param timing when events are acted on
 * @param ignoredTypes types of other services' events on the input topics, about which nothing is
 *     done; {@code *} stands for any characters
 * @param protectedFile who and what is never touched; null for nobody
 * @param mode whether any event is acted on
 * @param holds which events wait for a person
 */
public record PolicySettings(
    TimingSettings timing,
    List<String> ignoredTypes,
    @Nullable Path protectedFile,
    Execution mode,
    HoldSettings holds) {

  /** Settings by which no event waits for a person. */
  public PolicySettings(
      TimingSettings timing,
      List<String> ignoredTypes,
      @Nullable Path protectedFile,
      Execution mode) {
    this(timing, ignoredTypes, protectedFile, mode, HoldSettings.NONE);
  }

  /** Copies the list. */
  public PolicySettings {
    ignoredTypes = List.copyOf(ignoredTypes);
  }

  /** Every event in its time, no types to pass over. */
  public static PolicySettings defaults() {
    return new PolicySettings(
        TimingSettings.defaults(), List.of(), null, Execution.REAL, HoldSettings.NONE);
  }

  /**
   * Which events wait for a person.
   *
   * @param maxEventAge those that took effect longer ago than this; zero for none
   * @param decommissions whether each that an app was decommissioned does
   */
  public record HoldSettings(Duration maxEventAge, boolean decommissions) {
    /** No events. */
    public static final HoldSettings NONE = new HoldSettings(Duration.ZERO, false);
  }

  /**
   * When events are acted on.
   *
   * @param clockSkew how far ahead of this machine's clock a moment may be and still be called now
   * @param grace what is added to the time that an event gives, zero for nothing
   * @param immediateReasons reasons for which an event's time does not count; {@code *} stands for
   *     any characters
   * @param maxDelay how far ahead an event's time may be
   * @param secondLooks when, after access was revoked, is looked for it once more; empty for never
   */
  public record TimingSettings(
      Duration clockSkew,
      Duration grace,
      List<String> immediateReasons,
      Duration maxDelay,
      List<Duration> secondLooks) {

    /** Copies the lists; second looks come in the order of their times. */
    public TimingSettings {
      immediateReasons = List.copyOf(immediateReasons);
      secondLooks = secondLooks.stream().sorted().distinct().toList();
    }

    /** To the moment, 400 days ahead at most, with a look after five minutes and after a day. */
    public static TimingSettings defaults() {
      return new TimingSettings(
          Duration.ZERO,
          Duration.ZERO,
          List.of(),
          Duration.ofDays(400),
          List.of(Duration.ofMinutes(5), Duration.ofHours(24)));
    }
  }
}
