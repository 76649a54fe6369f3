package io.offboarder.service;

import io.offboarder.commands.CommandTail;
import io.offboarder.commands.Pause;
import io.offboarder.commands.TwoPeople;
import io.offboarder.stream.StreamEngine;
import io.offboarder.webex.AuthorizationsClient;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Hears what people say to the whole group, and has this instance do it. */
final class HeardCommands {
  private final CaseSettings settings;
  private final Clock clock;
  private final Promise<Void> known = Promise.promise();
  private volatile @Nullable PauseSwitch pausing;
  private volatile @Nullable CommandTail tail;

  /** Hears nothing yet. */
  HeardCommands(CaseSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Succeeds when it is known whether a person has paused the group. */
  Future<Void> known() {
    return known.future();
  }

  /** Whether a person has paused the group; null if not. From any thread. */
  @Nullable Pause pause() {
    PauseSwitch turning = pausing;
    return turning == null ? null : turning.state();
  }

  /**
   * Follows the commands' topic, if there is one.
   *
   * @param isGuarded whether there is a guard to pass on what is said to it
   * @param loop the event loop, on which everything is done
   */
  void begin(
      Cases cases,
      AuthorizationsClient api,
      StreamEngine engine,
      boolean isGuarded,
      Executor loop) {
    String topic = settings.commands();
    if (topic == null) {
      known.complete();
      return;
    }
    PauseSwitch turning =
        new PauseSwitch(
            () -> {
              api.pause();
              engine.pause();
            },
            () -> {
              engine.resume();
              api.resume();
            });
    pausing = turning;
    GuardWords guard = new GuardWords(isGuarded ? engine::announce : null, clock);
    Duration expiresAfter = settings.twoPeople();
    PeoplesHand hand =
        new PeoplesHand(
            cases, turning, expiresAfter == null ? null : new TwoPeople(expiresAfter), guard);
    tail =
        new CommandTail(
            settings.kafka(),
            topic,
            loop,
            hand::heard,
            () -> {
              guard.known();
              turning.known();
              known.complete();
            });
  }

  /** Hears no more. */
  void close() {
    CommandTail open = tail;
    if (open != null) {
      open.close();
    }
  }
}
