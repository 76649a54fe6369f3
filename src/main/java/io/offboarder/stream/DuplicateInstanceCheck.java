package io.offboarder.stream;

import io.offboarder.stream.Incarnation.Answer;
import io.offboarder.stream.StreamFailure.Reason;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second instance of the same name from starting: two producers of one transactional id
 * would fence each other for ever.
 *
 * <p>A member of the group that carries this instance's name may also be left over from its own
 * crash. Time does not tell the two apart, because a restart of a broker begins every session
 * again. Two things do: a living process answers at its liveness port, and it joins the group again
 * after it was removed, which a dead one never does.
 */
final class DuplicateInstanceCheck {
  /** How long an instance that lives may take to leave: longer than an orderly stop. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** For a member that cannot be removed: longer than any session, which is 45 s by default. */
  private static final Duration PATIENCE_WITHOUT_REMOVAL = Duration.ofSeconds(60);

  /** How long a member that gives no answer is left alone: until its session is over. */
  private static final Duration SESSION = Duration.ofSeconds(7);

  /** By when a living member that was removed is back: some heartbeats, and a join. */
  private static final Duration UNTIL_BACK = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(DuplicateInstanceCheck.class);
  private static final Duration STEP = Duration.ofMillis(250);

  private final StreamSettings settings;
  private final Duplicates duplicates;
  private final BiFunction<Incarnation, String, Answer> asking;
  private final LoopClock clock;
  private final Duration patience;
  private final FailureBackoff failures;

  /** The members that were removed. One of them that has come back is alive. */
  private final Set<GroupMember> removed = new HashSet<>();

  /** Since when a duplicate has been there while Kafka answered. */
  private @Nullable Duration since;

  private Duration freeAt = Duration.ZERO;

  /**
   * A check.
   *
   * @param asking asks a process at a host whether it lives
   * @param patience how long one that lives may take to leave
   */
  DuplicateInstanceCheck(
      StreamSettings settings,
      Duplicates duplicates,
      BiFunction<Incarnation, String, Answer> asking,
      LoopClock clock,
      Duration patience) {
    this.settings = settings;
    this.duplicates = duplicates;
    this.asking = asking;
    this.clock = clock;
    this.patience = patience;
    this.failures = new FailureBackoff("looking for another instance of this name", clock);
  }

  /**
   * Returns when this instance's name is free, or when asked to stop.
   *
   * @throws StreamFailure if another instance has the name, and lives
   */
  void await(BooleanSupplier stop) {
    while (!stop.getAsBoolean() && !isNameFree()) {
      clock.pause(STEP);
    }
  }

  /**
   * Looks once, and removes what a crash has left.
   *
   * @return whether no other process of this instance's name is in the group
   * @throws StreamFailure if there is one, and it lives
   */
  boolean isNameFree() {
    try {
      List<GroupMember> found = duplicates.find();
      failures.over();
      found.forEach(this::judge);
      if (found.isEmpty()) {
        since = null;
        return clock.now().compareTo(freeAt) >= 0;
      }
    } catch (RuntimeException e) {
      StreamFailure failure = KafkaErrors.failure("looking for another instance of this name", e);
      if (failure != null) {
        throw failure;
      }
      failures.failed(e);
      since = null;
    }
    return false;
  }

  private void judge(GroupMember duplicate) {
    if (removed.contains(duplicate)) {
      throw inUse(duplicate);
    }
    Answer answer = asking.apply(Incarnation.of(duplicate), duplicate.host());
    if (answer == Answer.GONE) {
      remove(duplicate);
      return;
    }
    Duration waited = waitedFor(duplicate);
    boolean removable = answer != Answer.ALIVE && waited.compareTo(SESSION) >= 0;
    Duration most = answer == Answer.ALIVE ? patience : PATIENCE_WITHOUT_REMOVAL;
    if (!(removable && remove(duplicate)) && waited.compareTo(most) >= 0) {
      throw inUse(duplicate);
    }
  }

  private boolean remove(GroupMember duplicate) {
    boolean gone = duplicates.remove(duplicate);
    if (gone) {
      LOG.info("Removed from the group what a crash has left of this instance");
      removed.add(duplicate);
      freeAt = clock.now().plus(UNTIL_BACK);
    }
    return gone;
  }

  private Duration waitedFor(GroupMember duplicate) {
    Duration now = clock.now();
    Duration first = since == null ? now : since;
    if (since == null) {
      since = now;
      LOG.warn(
          "Instance id '{}' is taken by a member of group '{}' on {}; waiting for it to leave, as it"
              + " will if it crashed",
          settings.instanceId(),
          settings.groupId(),
          duplicate.host());
    }
    return now.minus(first);
  }

  private StreamFailure inUse(GroupMember duplicate) {
    return new StreamFailure(
        Reason.NAME_IN_USE,
        "instance id '%s' is in use by another instance of group '%s' on %s; give every instance an"
                .formatted(settings.instanceId(), settings.groupId(), duplicate.host())
            + " instance id of its own",
        null);
  }
}
